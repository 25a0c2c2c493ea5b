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

/** How far the stream may lag behind the table before it is an alarm. */
const LAG = Duration.minutes(1);

/** The bus that others listen to, and the way there from the table's stream. */
export class ServiceEvents extends Construct {
  readonly bus: EventBus;
  /** Where a record is found that could not be told of: its place in the stream, which keeps it for 24 hours. */
  readonly deadLetterQueue: Queue;
  private readonly alarms: ServiceAlarms;

  constructor(scope: Construct, id: string, props: { readonly alarms: ServiceAlarms }) {
    super(scope, id);
    this.alarms = props.alarms;
    this.bus = new EventBus(this, 'Bus', { description: 'What happens in CareWindow: docs/events.md' });
    this.deadLetterQueue = addDeadLetterQueue(this);
    this.alarms.addAlarm(this, 'FailedRecords', {
      metric: deadLetterCount(this.deadLetterQueue),
      threshold: 1,
      impact:
        'A change of the table could not be told to others: they do not know of a message, a status or a session.',
      runbook: 'stream-failures',
    });
  }

  /** Allows putting events on the bus, and nothing else. */
  grantPut(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['events:PutEvents'], resourceArns: [this.bus.eventBusArn] });
  }

  /** Feeds the function with the stream; a record that keeps failing ends in the queue, and its neighbours are told of. */
  addEventSource(target: LambdaFunction, table: TableV2): void {
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error('the table has no stream');
    const reading = Grant.addToPrincipal({
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
      // Records of one partition key stay in order, however many batches of a shard are under way.
      parallelizationFactor: 4,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 8,
      maxRecordAge: Duration.hours(6),
      onFailure: new SqsDlq(this.deadLetterQueue),
    });
    reading.applyBefore(mapping);
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
      threshold: LAG.toMilliseconds(),
      impact: 'Events come more than a minute late: bots answer late, and systems believe in windows that have closed.',
      runbook: 'stream-lag',
    });
  }
}
