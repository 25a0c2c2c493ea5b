import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventBus, type EventPattern, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Channel } from '../../functions/shared/domain/config.ts';
import { MAX_ATTEMPTS, VISIBILITY_SECONDS } from '../../functions/shared/domain/delivery.ts';
import { EVENT_SOURCE } from '../../functions/shared/domain/event-types.ts';
import { addDeadLetterQueue, deadLetterCount } from './dead-letter-queue.ts';
import { PlaceholderSecrets } from './placeholder-secrets.ts';
import { ALARM_PERIOD, type ServiceAlarms } from './service-alarms.ts';

/** Age at which an event that was received less than three times raises the alarm. */
const MAX_BACKLOG = Duration.minutes(15);

/**
 * The events that go into the queue: the function decides which endpoint receives one. Where every endpoint names its
 * events, no other types; a list of channels would exceed the 2,048 characters of a pattern.
 */
const patternOf = (channels: readonly Channel[]): EventPattern => {
  const lists = channels.flatMap(({ deliveries }) => deliveries.map(({ events }) => events));
  const named = lists.filter((events) => events !== undefined);
  const types = [...new Set(named.flat())].sort();
  return { source: [EVENT_SOURCE], ...(named.length === lists.length ? { detailType: types } : {}) };
};

const describeSecret = ({ id }: Channel): string =>
  `CareWindow, signing secrets of channel ${id} by the full URL of each endpoint: {"https://...":["whsec_..."]}`;

interface EventDeliveriesProps {
  readonly bus: EventBus;
  /** The channels that name endpoints. */
  readonly channels: readonly Channel[];
  readonly alarms: ServiceAlarms;
}

/** Routes events from the bus to HTTPS endpoints: one rule and one queue for all of them, and its dead-letter queue. */
export class EventDeliveries extends Construct {
  readonly queue: Queue;
  /** Receives the events that their endpoint accepted at no attempt. */
  readonly deadLetterQueue: Queue;
  /** One secret per channel, with the signing secrets of each endpoint. */
  readonly secrets: PlaceholderSecrets;

  constructor(scope: Construct, id: string, { bus, channels, alarms }: EventDeliveriesProps) {
    super(scope, id);
    this.deadLetterQueue = addDeadLetterQueue(this);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Longer than all attempts together, each delayed as long as an endpoint may ask for.
      retentionPeriod: Duration.days(7),
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_ATTEMPTS },
    });
    this.addRule(bus, channels);
    this.secrets = new PlaceholderSecrets(this, 'Secrets', {
      secrets: channels.map((channel) => ({
        owner: channel.id,
        part: 'deliveries',
        description: describeSecret(channel),
      })),
      noRotation:
        'A new secret must be set at the endpoint too; until then events are signed with the old and the new one.',
    });
    this.addAlarms(alarms);
  }

  /** Allows a function to send an event to an endpoint once more. */
  grantSend(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [this.queue.queueArn] });
  }

  /** Invokes the function with the queue's messages, of which it puts one per endpoint; a message that it reports as failed stays in the queue for its next attempt. */
  addEventSource(target: LambdaFunction): void {
    const { queueArn } = this.queue;
    const queueGrant = Grant.addToPrincipal({
      grantee: target,
      actions: ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage', 'SendMessage'].map(
        (action) => `sqs:${action}`,
      ),
      resourceArns: [queueArn],
    });
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target,
      eventSourceArn: queueArn,
      batchSize: 10,
      // A message above this limit is not received, so it does not use up an attempt as a throttled invocation would.
      // An endpoint that does not answer holds a batch for 10 s: 50 concurrent batches leave capacity for the others.
      maxConcurrency: 50,
      reportBatchItemFailures: true,
    });
    queueGrant.applyBefore(mapping);
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'A failed message stays in the queue, which has a dead-letter queue of its own.',
    });
  }

  /** Adds the rule, and allows the rules of the bus to send to the queue. */
  private addRule(bus: EventBus, channels: readonly Channel[]): void {
    const resourceName = `${bus.eventBusName}/*`;
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: {
          ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName }) },
        },
      }),
    );
    const target: IRuleTarget = { bind: () => ({ arn: this.queue.queueArn, targetResource: this.queue }) };
    const rule = new Rule(this, 'Rule', { eventBus: bus, eventPattern: patternOf(channels), targets: [target] });
    Validations.of(rule).acknowledge({
      id: 'Serverless-EventBusDLQ',
      reason:
        'EventBridge retries for 24 hours to reach a queue of the same account; the queue has a dead-letter queue of its own.',
    });
  }

  private addAlarms(alarms: ServiceAlarms): void {
    alarms.addAlarm(this, 'GivenUp', {
      metric: deadLetterCount(this.deadLetterQueue),
      threshold: 1,
      runbook: 'deliveries-failed',
      impact:
        'An endpoint did not accept an event in ten attempts over two days: the system behind it misses the event. Fix the endpoint, then run npm run redrive.',
    });
    alarms.addAlarm(this, 'Backlog', {
      // SQS leaves out messages that were received three times or more: those wait for their endpoint, not for the function.
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: Stats.MAXIMUM }),
      threshold: MAX_BACKLOG.toSeconds(),
      runbook: 'deliveries-late',
      impact:
        'Events wait more than 15 minutes for their first attempts: all systems that receive events over HTTPS get them late.',
    });
  }
}
