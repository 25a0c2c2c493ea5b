import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { addDeadLetterQueue, deadLetterCount } from './dead-letter-queue.ts';
import { ALARM_PERIOD, type ServiceAlarms } from './service-alarms.ts';

/** Age of the oldest stream record at which the alarm is raised. */
const MAX_LAG = Duration.minutes(1);

/** Large enough for 1,000 changes a second on one shard (docs/performance.md), small enough for the function's 60 s. */
const BATCH_SIZE = 300;

const UNLIMITED = -1;

/** An hour less than the stream keeps its records, so that npm run redrive still finds them. */
const MAX_RECORD_AGE = Duration.hours(23);

/** The event bus of the service, and the event source mapping from the table's stream to the function that publishes to it. */
export class ServiceEvents extends Construct {
  readonly bus: EventBus;
  /**
   * Receives from the function each record that can never be published, and from Lambda the position in the stream of what
   * failed for 23 hours; the stream keeps records for 24 hours.
   */
  readonly deadLetterQueue: Queue;
  private readonly alarms: ServiceAlarms;

  constructor(scope: Construct, id: string, props: { readonly alarms: ServiceAlarms }) {
    super(scope, id);
    this.alarms = props.alarms;
    this.bus = new EventBus(this, 'Bus', { description: 'Events of CareWindow, described in docs/events.md' });
    this.deadLetterQueue = addDeadLetterQueue(this);
    this.alarms.addAlarm(this, 'FailedRecords', {
      metric: deadLetterCount(this.deadLetterQueue),
      threshold: 1,
      impact:
        'A change of the table could not be published: consumers miss a message, a status or a session. Fix the cause, then run npm run redrive within 24 hours of the change.',
      runbook: 'stream-failures',
    });
  }

  /** Allows putting events on the bus. */
  grantPut(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['events:PutEvents'], resourceArns: [this.bus.eventBusArn] });
  }

  /**
   * Invokes the function with the stream's records, one batch of a shard at a time. A fault that passes is retried for 23
   * hours; what failed until then is sent to the dead-letter queue while the stream still has it.
   */
  addEventSource(target: LambdaFunction, table: TableV2): void {
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error('the table has no stream');
    const streamGrant = Grant.addToPrincipal({
      grantee: target,
      actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
        (action) => `dynamodb:${action}`,
      ),
      resourceArns: [streamArn],
    });
    const mapping = new EventSourceMapping(this, 'Stream', {
      target,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH_SIZE,
      // Several batches of a shard at once would leave nothing in order but each item.
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      // Halves a batch that times out, and isolates a record that keeps failing.
      bisectBatchOnError: true,
      retryAttempts: UNLIMITED,
      maxRecordAge: MAX_RECORD_AGE,
      // Grants the function sqs:SendMessage, which it uses itself too.
      onFailure: new SqsDlq(this.deadLetterQueue),
    });
    streamGrant.applyBefore(mapping);
    this.addLagAlarm(target);
  }

  private addLagAlarm(target: LambdaFunction): void {
    this.alarms.addAlarm(this, 'Lag', {
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'IteratorAge',
        dimensionsMap: { FunctionName: target.functionName },
        statistic: Stats.MAXIMUM,
        period: ALARM_PERIOD,
      }),
      threshold: MAX_LAG.toMilliseconds(),
      impact:
        'Events are published more than a minute late: bots answer late, and other systems treat closed windows as open.',
      runbook: 'stream-lag',
    });
  }
}
