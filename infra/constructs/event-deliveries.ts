import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type EventBus,
  EventField,
  type EventPattern,
  type IRuleTarget,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { Grant, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Channel, Delivery } from '../../functions/shared/domain/config.ts';
import {
  type DeliveryMessage,
  MAX_ATTEMPTS,
  type Selection,
  selectionOf,
  VISIBILITY_SECONDS,
} from '../../functions/shared/domain/delivery.ts';
import { addDeadLetterQueue, deadLetterCount } from './dead-letter-queue.ts';
import { PlaceholderSecrets } from './placeholder-secrets.ts';
import { ALARM_PERIOD, type ServiceAlarms } from './service-alarms.ts';

/** Age at which an event that was received less than three times raises the alarm. */
const MAX_BACKLOG = Duration.minutes(15);

/** The event pattern that selects the same events as `isSelected`. */
const toPattern = ({ source, types, about }: Selection): EventPattern => ({
  source: [source],
  ...(types === undefined ? {} : { detailType: [...types] }),
  detail: { $or: Object.entries(about).map(([field, value]) => ({ [field]: [value] })) },
});

/** The queue message: the event, and the endpoint to post it to. */
const toMessage = ({ id }: Channel, { url }: Delivery): RuleTargetInput =>
  RuleTargetInput.fromObject({
    channel: id,
    url,
    type: EventField.detailType,
    detail: EventField.fromPath('$.detail'),
  } satisfies Record<keyof DeliveryMessage, string>);

const describeSecret = ({ id }: Channel): string =>
  `CareWindow, signing secrets of channel ${id} by the full URL of each endpoint: {"https://...":["whsec_..."]}`;

interface EventDeliveriesProps {
  readonly bus: EventBus;
  /** The channels that name endpoints. */
  readonly channels: readonly Channel[];
  readonly alarms: ServiceAlarms;
}

/** Routes events from the bus to HTTPS endpoints: one rule per endpoint, a queue for all of them, and its dead-letter queue. */
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
    this.addRules(bus, channels);
    this.secrets = new PlaceholderSecrets(this, 'Secrets', {
      descriptions: Object.fromEntries(channels.map((channel) => [channel.id, describeSecret(channel)])),
      noRotation:
        'A new secret must be set at the endpoint too; until then events are signed with the old and the new one.',
    });
    this.addAlarms(alarms);
  }

  /** Invokes the function with the queue's messages; a message that it reports as failed stays in the queue for its next attempt. */
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

  /** Adds a rule per endpoint. The queue policy allows all rules of the bus at once, since one statement per rule would exceed its size. */
  private addRules(bus: EventBus, channels: readonly Channel[]): void {
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
    const rules = new Construct(this, 'Rules');
    for (const channel of channels)
      for (const [index, delivery] of channel.deliveries.entries()) {
        const target: IRuleTarget = {
          bind: () => ({ arn: this.queue.queueArn, input: toMessage(channel, delivery), targetResource: this.queue }),
        };
        new Rule(rules, `${channel.id}-${index + 1}`, {
          eventBus: bus,
          eventPattern: toPattern(selectionOf(channel, delivery)),
          targets: [target],
        });
      }
    Validations.of(rules).acknowledge({
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
