import type { StreamBatch } from '../../functions/change-stream/change-stream.ts';
import type { BatchResponse } from '../../functions/shared/runtime/batch-response.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';

export type StreamHandler = (batch: StreamBatch) => Promise<BatchResponse>;

/** Attempts that follow each other at once; the next ones wait for the next delivery. */
const ATTEMPTS_AT_ONCE = 3;

/** The number of records before the first failure. */
const countProcessed = async (handler: StreamHandler, records: readonly StreamRecord[]): Promise<number> => {
  try {
    const [failure] = (await handler({ Records: records })).batchItemFailures;
    const index = records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failure?.itemIdentifier);
    return failure === undefined ? records.length : Math.max(0, index);
  } catch {
    return 0;
  }
};

/**
 * Invokes a handler as Lambda's event source mapping does: a record that fails holds back those behind it and is delivered
 * again, alone, until the handler has processed it or sent it to the dead-letter queue.
 */
export const createEventSource = (handler: StreamHandler) => {
  let waiting: readonly StreamRecord[] = [];
  let isFailing = false;
  return {
    /** Delivers these records after those that wait; false while one of them fails. */
    deliver: async (records: readonly StreamRecord[]): Promise<boolean> => {
      waiting = [...waiting, ...records];
      for (let attempts = 0; waiting.length > 0 && attempts < ATTEMPTS_AT_ONCE; ) {
        const batch = isFailing ? waiting.slice(0, 1) : waiting;
        const processed = await countProcessed(handler, batch);
        waiting = waiting.slice(processed);
        isFailing = processed < batch.length;
        attempts = isFailing && processed === 0 ? attempts + 1 : 0;
      }
      return !isFailing;
    },
  };
};
