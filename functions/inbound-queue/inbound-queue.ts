import { withFormerNumbers } from '../shared/domain/number.ts';
import { recordItems } from '../shared/inbound/record-items.ts';
import { createStore, type InboundRuntime } from '../shared/inbound/store.ts';
import type { EventReader } from '../shared/providers/provider.ts';
import { createEventReader } from '../shared/providers/registry.ts';
import type { BatchResponse } from '../shared/runtime/batch-response.ts';
import { type CoreRuntimeOptions, createCoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { QueueBatch, QueueRecord } from '../shared/runtime/queue-batch.ts';

interface QueueRuntime extends InboundRuntime {
  readonly reader: EventReader;
}

/** Whether the message can be deleted from the queue: every item of its event is stored, or it is none of ours. */
const processRecord = async (runtime: QueueRuntime, { messageId, body }: QueueRecord): Promise<boolean> => {
  const { reader, log } = runtime;
  const read = reader.parse(body);
  switch (read.kind) {
    case 'read':
      return recordItems(runtime, { account: read.account, requestId: messageId }, read.items);
    case 'foreign':
      log.warn('inbound-queue.foreign', { queueMessageId: messageId });
      log.count('ItemsIgnored');
      return true;
    case 'unreadable':
      log.warn('inbound-queue.unreadable', { queueMessageId: messageId });
      log.count('ItemsFailed');
      return false;
  }
};

/**
 * Records the events of a batch one after the other, so that they do not contend for one customer's items. One that fails
 * stays in the queue alone, and moves to the dead-letter queue after its last receive.
 */
export const createInboundQueue = (options: CoreRuntimeOptions) => {
  const { accounts, channels } = options.config;
  const runtime: QueueRuntime = {
    ...createCoreRuntime(options, createStore),
    reader: createEventReader(accounts, withFormerNumbers(channels)),
  };
  return async ({ Records: records }: QueueBatch): Promise<BatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of records) {
      runtime.log.begin(record.messageId);
      if (!(await processRecord(runtime, record))) batchItemFailures.push({ itemIdentifier: record.messageId });
    }
    runtime.log.end();
    return { batchItemFailures };
  };
};
