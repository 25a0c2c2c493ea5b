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

/** The event bus of the service, and the event source mapping from the table's stream to the function that publishes to it. */
export class ServiceEvents extends Construct {
  readonly bus: EventBus;
  /** Receives the position in the stream of each record that could not be published; the stream keeps records for 24 hours. */
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

  /** Invokes the function with the stream's records; a record that keeps failing goes to the dead-letter queue, the others go on. */
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
      batchSize: 100,
      // Records of one partition key stay in order at any factor.
      parallelizationFactor: 4,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 8,
      maxRecordAge: Duration.hours(6),
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
