import * as z from 'zod';
import type { StreamRecord } from '../../../functions/shared/store/changes.ts';
import type { ShardCursors } from '../../../infra/local/shard-cursors.ts';
import type { Assembly } from '../assembly/assembly.ts';
import type { Ledger } from '../aws/ledger.ts';
import type { Queue, Queues } from '../aws/queues.ts';
import type { Functions } from './functions.ts';

const Mapping = z.object({
  BatchSize: z.number(),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  FunctionResponseTypes: z.tuple([z.literal('ReportBatchItemFailures')]),
});

const StreamMapping = Mapping.extend({
  BisectBatchOnFunctionError: z.literal(true),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }),
  MaximumRetryAttempts: z.literal(-1),
  ParallelizationFactor: z.literal(1),
  StartingPosition: z.literal('TRIM_HORIZON'),
});

const BatchResponse = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** An event source of the template, in the hands of Lambda. */
export interface EventSource {
  /** Passes on what waits; resolves to the number of messages or records that it took. */
  readonly pump: () => Promise<number>;
}

export interface MappingOptions {
  readonly assembly: Assembly;
  readonly functions: Functions;
  readonly queues: Queues;
  readonly ledger: Ledger;
}

/** The items that the function reported as failed; all, when it failed itself. */
const invokeBatch = async (
  { functions }: MappingOptions,
  arn: string,
  records: readonly unknown[],
): Promise<readonly string[] | 'all'> => {
  const outcome = await functions.invoke(arn, { Records: records });
  if (outcome.kind === 'failed') return 'all';
  return BatchResponse.parse(outcome.value).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};

const usePoller = ({ functions, ledger }: MappingOptions, arn: string, access: [string, string[], string]): void => {
  const [service, actions, resource] = access;
  for (const action of actions) ledger.authorize(functions.roleOf(arn), { action: `${service}:${action}`, resource });
};

const queueSource = (options: MappingOptions, queue: Queue, mapping: z.infer<typeof Mapping>): EventSource => ({
  pump: async () => {
    const { FunctionName: arn, BatchSize } = mapping;
    const records = queue.receive(BatchSize);
    if (records.length === 0) return 0;
    usePoller(options, arn, ['sqs', ['ReceiveMessage', 'GetQueueAttributes'], queue.arn]);
    const failed = await invokeBatch(options, arn, records);
    const done = records.filter(({ messageId }) => failed !== 'all' && !failed.includes(messageId));
    if (done.length > 0) usePoller(options, arn, ['sqs', ['DeleteMessage'], queue.arn]);
    for (const { receiptHandle } of done) queue.remove(receiptHandle);
    return records.length;
  },
});

/** A record that fails so often in a rehearsal never succeeds. */
const MAX_FAILURES = 20;

const streamSource = (
  options: MappingOptions,
  cursors: ShardCursors,
  mapping: z.infer<typeof StreamMapping>,
): EventSource => {
  const { FunctionName: arn, BatchSize, EventSourceArn: eventSourceARN } = mapping;
  /** The number of records before the first one that failed. */
  const process = async (batch: readonly StreamRecord[]): Promise<number> => {
    const failed = await invokeBatch(options, arn, batch);
    if (failed === 'all') return 0;
    const [first] = failed;
    if (first === undefined) return batch.length;
    return batch.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === first);
  };
  return {
    pump: async () => {
      usePoller(options, arn, ['dynamodb', ['DescribeStream', 'GetShardIterator', 'GetRecords'], eventSourceARN]);
      const records = (await cursors.read()).map((record) => ({ ...record, eventSourceARN }));
      let size = BatchSize;
      let failures = 0;
      for (let rest = records; rest.length > 0; ) {
        const batch = rest.slice(0, size);
        const processed = await process(batch);
        rest = rest.slice(processed);
        const isWhole = processed === batch.length;
        size = isWhole ? BatchSize : Math.max(1, Math.floor(batch.length / 2));
        failures = isWhole ? 0 : failures + 1;
        if (failures > MAX_FAILURES) throw new Error(`a record of the stream failed ${failures} times`);
      }
      return records.length;
    },
  };
};

/** Every event source mapping of the template: those of the queues, and that of the stream, whose cursors are given. */
export const createEventSources = (options: MappingOptions, cursors: ShardCursors): readonly EventSource[] => {
  const { assembly, queues, functions, ledger } = options;
  const arnOfName = (name: string): string =>
    [...functions.specs.values()].find((spec) => spec.name === name)?.arn ?? name;
  return assembly.ofType('AWS::Lambda::EventSourceMapping').map(({ properties }) => {
    const mapping = Mapping.parse(properties);
    const FunctionName = arnOfName(mapping.FunctionName);
    if (!mapping.EventSourceArn.includes(':dynamodb:'))
      return queueSource(options, queues.byArn(mapping.EventSourceArn), { ...mapping, FunctionName });
    const stream = StreamMapping.parse(properties);
    const { Destination } = stream.DestinationConfig.OnFailure;
    // Lambda refuses a mapping whose destination the function may not use.
    ledger.authorize(functions.roleOf(FunctionName), {
      action: 'sqs:SendMessage',
      resource: queues.byArn(Destination).arn,
    });
    return streamSource(options, cursors, { ...stream, FunctionName });
  });
};
