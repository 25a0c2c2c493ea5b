import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MAX_RECEIVES, VISIBILITY_SECONDS } from '../../functions/inbound-queue/env.ts';
import type { AwsSocialAccount } from '../../functions/shared/domain/aws-social-account.ts';
import { addDeadLetterQueue, deadLetterCount } from './dead-letter-queue.ts';
import { ALARM_PERIOD, type ServiceAlarms } from './service-alarms.ts';

/** Age at which an event raises the alarm: an agent would see a message that late. */
const MAX_BACKLOG = Duration.minutes(5);

const SERVICE = new ServicePrincipal('social-messaging.amazonaws.com');

interface SocialEventsProps {
  readonly accounts: readonly AwsSocialAccount[];
  readonly alarms: ServiceAlarms;
}

/** Whether the events of an account come to the topic that the stack makes. */
export const hasOwnTopic = ({ eventTopicArn }: AwsSocialAccount): boolean => eventTopicArn === undefined;

/** The way of the events of AWS End User Messaging Social: a topic for each account, one queue, and its dead-letter queue. */
export class SocialEvents extends Construct {
  readonly queue: Queue;
  /** Receives the events that failed at each receive. */
  readonly deadLetterQueue: Queue;
  /** @default - each account has a topic that exists already */
  readonly ownTopic: Topic | undefined;

  constructor(scope: Construct, id: string, { accounts, alarms }: SocialEventsProps) {
    super(scope, id);
    this.deadLetterQueue = addDeadLetterQueue(this);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(7),
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });
    this.ownTopic = accounts.some(hasOwnTopic) ? this.addOwnTopic() : undefined;
    const given = new Set(accounts.flatMap(({ eventTopicArn }) => eventTopicArn ?? []));
    for (const arn of given) this.subscribeGiven(arn);
    this.addAlarms(alarms);
  }

  /** Invokes the function with events; one that it reports as failed stays in the queue for its next receive. */
  addEventSource(target: LambdaFunction): void {
    const { queueArn } = this.queue;
    const queueGrant = Grant.addToPrincipal({
      grantee: target,
      actions: ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
        (action) => `sqs:${action}`,
      ),
      resourceArns: [queueArn],
    });
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target,
      eventSourceArn: queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    queueGrant.applyBefore(mapping);
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'A failed event stays in the queue, which has a dead-letter queue of its own.',
    });
  }

  /** A topic to which AWS End User Messaging Social publishes, of this AWS account alone, and to whose key it encrypts. */
  private addOwnTopic(): Topic {
    const { account } = Stack.of(this);
    const conditions = { StringEquals: { 'aws:SourceAccount': account } };
    const key = new Key(this, 'Key', { description: 'CareWindow: events of WhatsApp', enableKeyRotation: true });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [SERVICE],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions,
      }),
    );
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({ principals: [SERVICE], actions: ['sns:Publish'], resources: [topic.topicArn], conditions }),
    );
    this.subscribe(topic);
    new CfnOutput(Stack.of(this), 'SocialTopicArn', {
      value: topic.topicArn,
      description: 'Event destination of the WhatsApp business accounts at AWS',
    });
    return topic;
  }

  /** A topic that exists already is left alone: docs/configuration.md has the policy that it needs. */
  private subscribeGiven(arn: string): void {
    const name = arn.split(':').at(-1) ?? '';
    this.subscribe(Topic.fromTopicArn(this, `Given${name}`, arn));
  }

  private subscribe(topic: ITopic): void {
    Validations.of(topic.addSubscription(new SqsSubscription(this.queue))).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason: 'SNS retries to reach a queue of the same account, which has a dead-letter queue of its own.',
    });
  }

  private addAlarms(alarms: ServiceAlarms): void {
    alarms.addAlarm(this, 'GivenUp', {
      metric: deadLetterCount(this.deadLetterQueue),
      threshold: 1,
      runbook: 'social-events-failed',
      impact:
        'An event of a number at AWS was not recorded at five receives: a customer’s message or a status is missing here. Fix the cause, then run npm run redrive.',
    });
    alarms.addAlarm(this, 'Backlog', {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: Stats.MAXIMUM }),
      threshold: MAX_BACKLOG.toSeconds(),
      runbook: 'social-events-late',
      impact: 'Events of the numbers at AWS wait more than 5 minutes: windows open late, and agents see messages late.',
    });
  }
}
