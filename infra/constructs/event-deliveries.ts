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

/** How long an event may wait for its first attempts before it is an alarm. */
const BACKLOG = Duration.minutes(15);

/** What EventBridge asks of an event for the same answer as `isSelected` gives. */
const toPattern = ({ source, types, about }: Selection): EventPattern => ({
  source: [source],
  ...(types === undefined ? {} : { detailType: [...types] }),
  detail: { $or: Object.entries(about).map(([field, value]) => ({ [field]: [value] })) },
});

/** The event as the function reads it: with the endpoint that it goes to. */
const toMessage = ({ id }: Channel, { url }: Delivery): RuleTargetInput =>
  RuleTargetInput.fromObject({
    channel: id,
    url,
    type: EventField.detailType,
    detail: EventField.fromPath('$.detail'),
  } satisfies Record<keyof DeliveryMessage, string>);

const describeSecret = ({ id }: Channel): string =>
  `CareWindow, endpoints of channel ${id}, each by its whole URL: {"https://...":["whsec_..."]}`;

interface EventDeliveriesProps {
  readonly bus: EventBus;
  /** Those that name endpoints. */
  readonly channels: readonly Channel[];
  readonly alarms: ServiceAlarms;
}

/** The way of events from the bus to the HTTPS endpoints of the channels: a rule for each, and a queue in which they wait. */
export class EventDeliveries extends Construct {
  readonly queue: Queue;
  /** Where an event is found that its endpoint did not take at any attempt. */
  readonly deadLetterQueue: Queue;
  /** One secret per channel: what its events are signed with, by endpoint. */
  readonly secrets: PlaceholderSecrets;

  constructor(scope: Construct, id: string, { bus, channels, alarms }: EventDeliveriesProps) {
    super(scope, id);
    this.deadLetterQueue = addDeadLetterQueue(this);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Longer than every attempt takes together with all that is asked of endpoints at most, and 6 times the function's own time.
      retentionPeriod: Duration.days(7),
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_ATTEMPTS },
    });
    this.addRules(bus, channels);
    this.secrets = new PlaceholderSecrets(this, 'Secrets', {
      descriptions: Object.fromEntries(channels.map((channel) => [channel.id, describeSecret(channel)])),
      noRotation: 'The endpoint must learn of a new secret too: meanwhile events are signed with both.',
    });
    this.addAlarms(alarms);
  }

  /** Feeds the function with what waits; a message that it names as failed stays until its next attempt. */
  addEventSource(target: LambdaFunction): void {
    const { queueArn } = this.queue;
    const reading = Grant.addToPrincipal({
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
      // Beyond it a message is not received at all, rather than received in vain: that would count as an attempt.
      // An endpoint that hangs holds a batch for 10 s: so many batches side by side leave room for the others.
      maxConcurrency: 50,
      reportBatchItemFailures: true,
    });
    reading.applyBefore(mapping);
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'What fails stays in the queue, which has dead letters of its own; Lambda has nothing to hand over.',
    });
  }

  /** A rule for each endpoint. The queue lets all rules of the bus in at once, since its policy has no room for hundreds. */
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
      reason: 'EventBridge tries for 24 hours to reach a queue of the same account; what fails later has dead letters.',
    });
  }

  private addAlarms(alarms: ServiceAlarms): void {
    alarms.addAlarm(this, 'GivenUp', {
      metric: deadLetterCount(this.deadLetterQueue),
      threshold: 1,
      runbook: 'deliveries-failed',
      impact: 'An endpoint did not take an event in two days: the system behind it does not know of what happened.',
    });
    alarms.addAlarm(this, 'Backlog', {
      // Messages that were received three times are left out by SQS: those wait for their endpoint, not for the function.
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: Stats.MAXIMUM }),
      threshold: BACKLOG.toSeconds(),
      runbook: 'deliveries-late',
      impact:
        'Events wait for more than 15 minutes to be sent at all: every system that is told over HTTPS is told late.',
    });
  }
}
