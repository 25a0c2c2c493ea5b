import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ChangeStreamEnv } from '../../functions/change-stream/env.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import type { MediaFiles } from '../constructs/media-files.ts';
import type { ServiceEvents } from '../constructs/service-events.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import { serviceMetric } from '../constructs/service-metrics.ts';
import type { SessionsTable } from '../constructs/sessions-table.ts';

interface ChangeStreamProps extends FunctionDefaults {
  readonly sessions: SessionsTable;
  readonly events: ServiceEvents;
  readonly files: MediaFiles;
}

/** Publishes the changes of the table as events, and counts usage. */
export class ChangeStream extends ServiceFunction<typeof ChangeStreamEnv> {
  constructor(scope: Construct, id: string, props: ChangeStreamProps) {
    const { sessions, events, files } = props;
    super(scope, id, {
      ...props,
      name: 'change-stream',
      env: ChangeStreamEnv,
      values: {
        TABLE_NAME: sessions.table.tableName,
        CONFIG_FILE,
        BUS_NAME: events.bus.eventBusName,
        DEAD_LETTER_QUEUE_URL: events.deadLetterQueue.queueUrl,
        MEDIA_QUEUE_URL: files.queue.queueUrl,
      },
      timeout: Duration.seconds(60),
      slow: Duration.seconds(30),
      errorImpact: 'Events on messages, statuses and the end of sessions are published late or not at all.',
      noDeadLetterQueue:
        'The function and its event source mapping share a dead-letter queue: for what can never be published, and for what has failed for 23 hours.',
    });
    sessions.grant(this.function, 'BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'PutItem', 'Query', 'UpdateItem');
    events.grantPut(this.function);
    files.grantRequest(this.function);
    events.addEventSource(this.function, sessions.table);
    this.addEventAlarms(props);
  }

  private addEventAlarms({ alarms }: ChangeStreamProps): void {
    alarms.addAlarm(this, 'EventsRejected', {
      metric: serviceMetric('change-stream', 'EventsRejected'),
      threshold: 10,
      impact: 'EventBridge rejects events: each is retried, and consumers receive it late.',
      runbook: 'events-rejected',
    });
    alarms.addAlarm(this, 'TemplatesPaused', {
      metric: serviceMetric('change-stream', 'TemplatesPaused'),
      threshold: 1,
      impact:
        'The provider has paused, disabled or rejected a template: sends of it are refused, and customers whose window is closed are not reached. Stop the sender, and use another approved template.',
      runbook: 'template-paused',
    });
    alarms.addAlarm(this, 'UsageThresholds', {
      metric: serviceMetric('change-stream', 'UsageThresholdsReached'),
      threshold: 1,
      impact:
        'A channel has reached one of its thresholds of monthly active users. No message is lost, but where the provider bills by monthly active users the bill rises.',
      runbook: 'mau-thresholds',
    });
  }
}
