import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import type { Queues } from '../aws/queues.ts';

const Alarm = z.object({
  ComparisonOperator: z.literal('GreaterThanOrEqualToThreshold'),
  Dimensions: z.tuple([z.object({ Name: z.literal('QueueName'), Value: z.string() })]),
  MetricName: z.literal('ApproximateNumberOfMessagesVisible'),
  Namespace: z.literal('AWS/SQS'),
  Threshold: z.number(),
});

/** Reads an alarm on the messages of a queue, by the start of its logical id: whether it is active now. */
export const createQueueAlarms =
  (assembly: Assembly, queues: Queues) =>
  (prefix: string): boolean => {
    const [alarm, ...others] = assembly.ofType('AWS::CloudWatch::Alarm').filter(({ id }) => id.startsWith(prefix));
    if (alarm === undefined || others.length > 0) throw new Error(`the template has no alarm ${prefix}`);
    const { Dimensions, Threshold } = Alarm.parse(alarm.properties);
    const queue = assembly
      .ofType('AWS::SQS::Queue')
      .map(({ id }) => assembly.identity(id))
      .find(({ attributes }) => attributes['QueueName'] === Dimensions[0].Value);
    return queues.byUrl(queue?.ref ?? '').bodies().length >= Threshold;
  };
