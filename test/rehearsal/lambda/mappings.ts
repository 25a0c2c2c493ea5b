import * as z from 'zod';
import type { ShardCursors } from '../../../infra/local/shard-cursors.ts';
import type { Queue } from '../aws/queues.ts';
import { type EventSource, invokeBatch, Mapping, type MappingOptions, usePoller } from './mapping.ts';
import { createStreamSource, StreamMapping } from './stream-source.ts';

/** The rehearsal handles one batch at a time, whatever the mapping allows. */
const QueueMapping = Mapping.extend({ ScalingConfig: z.unknown().optional() });

const queueSource = (options: MappingOptions, queue: Queue, mapping: z.infer<typeof QueueMapping>): EventSource => ({
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

/** The event source mappings of the template: those of the queues, and that of the stream, whose cursors are given. */
export const createEventSources = (options: MappingOptions, cursors: ShardCursors) => {
  const { assembly, queues, functions } = options;
  const arnOfName = (name: string): string =>
    [...functions.specs.values()].find((spec) => spec.name === name)?.arn ?? name;
  const all = assembly.ofType('AWS::Lambda::EventSourceMapping').map(({ properties }) => ({
    ...properties,
    FunctionName: arnOfName(z.string().parse(properties['FunctionName'])),
  }));
  const ofStream = (mapping: object): boolean => 'StartingPosition' in mapping;
  const [stream, ...others] = all.filter(ofStream);
  if (stream === undefined || others.length > 0) throw new Error('the rehearsal runs one stream');
  return {
    stream: createStreamSource(options, cursors, StreamMapping.parse(stream)),
    queues: all
      .filter((mapping) => !ofStream(mapping))
      .map((mapping) => QueueMapping.parse(mapping))
      .map((mapping) => queueSource(options, queues.byArn(mapping.EventSourceArn), mapping)),
  };
};
