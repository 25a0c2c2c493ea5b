import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import { PLACE } from '../assembly/intrinsics.ts';
import type { Ledger } from './ledger.ts';
import { decideFor, statementsOf } from './policies.ts';
import type { Queues } from './queues.ts';

const Subscription = z.object({ Protocol: z.string(), TopicArn: z.string(), Endpoint: z.string() });
const Topic = z.object({ KmsMasterKeyId: z.string().optional() });
const Key = z.object({ KeyPolicy: z.unknown() });

interface TopicsOptions {
  readonly assembly: Assembly;
  readonly queues: Queues;
  readonly ledger: Ledger;
}

/** SNS, whose topics of the template deliver to queues of the template. */
export const createTopics = ({ assembly, queues, ledger }: TopicsOptions) => {
  const subscriptions = assembly
    .ofType('AWS::SNS::Subscription')
    .map(({ properties }) => Subscription.parse(properties))
    .filter(({ Protocol }) => Protocol === 'sqs');
  const context = { 'aws:SourceAccount': PLACE.account, 'aws:SecureTransport': 'true' };
  /** Who publishes to an encrypted topic needs its key. */
  const mayUseKey = (service: string, topicArn: string): boolean => {
    const topic = assembly
      .ofType('AWS::SNS::Topic')
      .find(({ id, properties }) => assembly.identity(id).ref === topicArn && 'KmsMasterKeyId' in properties);
    if (topic === undefined) return true;
    const keyArn = Topic.parse(topic.properties).KmsMasterKeyId;
    const key = assembly.ofType('AWS::KMS::Key').find(({ id }) => assembly.identity(id).attributes['Arn'] === keyArn);
    const statements = statementsOf(Key.parse(key?.properties).KeyPolicy);
    return ['kms:Decrypt', 'kms:GenerateDataKey'].every(
      (action) => decideFor(statements, { Service: service }, { action, resource: '*', context }).outcome === 'allowed',
    );
  };
  return {
    /** A service of AWS publishes to the only topic with a queue behind it. */
    publish: (service: string, body: string): void => {
      const [subscription, ...others] = subscriptions;
      if (subscription === undefined || others.length > 0)
        throw new Error('the rehearsal knows one topic with a queue');
      const { TopicArn, Endpoint } = subscription;
      const mayPublish = ledger.authorizeService(
        service,
        { action: 'sns:Publish', resource: TopicArn, context },
        TopicArn,
      );
      const hasKey = mayUseKey(service, TopicArn);
      if (!hasKey) ledger.lacks(`${service} may not use the key of ${TopicArn}`);
      const queue = queues.byArn(Endpoint);
      const access = { action: 'sqs:SendMessage', resource: Endpoint, context: { 'aws:SourceArn': TopicArn } };
      if (mayPublish && hasKey && ledger.authorizeService('sns.amazonaws.com', access, queue.url)) queue.send(body);
    },
  };
};
