import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { WindowSweepEnv } from '../../functions/window-sweep/env.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import { serviceMetric } from '../constructs/service-metrics.ts';
import type { SessionsTable } from '../constructs/sessions-table.ts';

/** The daily sync, and two hours for its retries. */
const MAX_SYNC_AGE = Duration.hours(26);

interface WindowSweepProps extends FunctionDefaults {
  readonly sessions: SessionsTable;
}

/** Finds the sessions that are closing or closed and the sends in doubt, every minute. */
export class WindowSweep extends ServiceFunction<typeof WindowSweepEnv> {
  constructor(scope: Construct, id: string, props: WindowSweepProps) {
    const { sessions, alarms } = props;
    super(scope, id, {
      ...props,
      name: 'window-sweep',
      env: WindowSweepEnv,
      values: { TABLE_NAME: sessions.table.tableName, CONFIG_FILE },
      timeout: Duration.seconds(55),
      slow: Duration.seconds(30),
      errorImpact:
        'The end of sessions is not published, and sends in doubt are not found: a customer may be left without an answer.',
      schedule: Schedule.rate(Duration.minutes(1)),
    });
    sessions.grant(this.function, 'BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem');
    sessions.grantFindDue(this.function);
    this.addSilenceAlarms(props);
    alarms.addAlarm(this, 'OldestInDoubt', {
      metric: serviceMetric('window-sweep', 'OldestInDoubtSeconds').with({ statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(15).toSeconds(),
      impact:
        'A send has been in doubt for more than 15 minutes: it is unknown whether the customer received the message, and it is not sent again. Find out and resolve it.',
      runbook: 'in-doubt-age',
    });
    alarms.addAlarm(this, 'Unreadable', {
      metric: serviceMetric('window-sweep', 'ItemsUnreadable'),
      threshold: 1,
      impact:
        'A stored session or send cannot be read by the deployed version: its end is not published, or its outcome stays unknown. The others go on.',
      runbook: 'items-unreadable',
    });
    alarms.addAlarm(this, 'Lag', {
      metric: serviceMetric('window-sweep', 'SweepLagSeconds').with({ statistic: Stats.MAXIMUM }),
      threshold: 90,
      impact:
        'Sessions are published as closed more than 90 seconds after their end: bots and agents act on closed windows.',
      runbook: 'sweep-lag',
    });
  }

  /** One chain of beats watches the schedules: the sweep writes one each minute and measures the age of the last sync, the stream counts it. */
  private addSilenceAlarms({ alarms }: WindowSweepProps): void {
    alarms.addBeatAlarm(this, {
      metric: serviceMetric('change-stream', 'Beats'),
      settled: serviceMetric('change-stream', 'SettledBeats'),
      impact:
        'The sweep or the stream has not run for 15 minutes: no event is published, no session is closed, and other systems act on old windows.',
      runbook: 'service-beat',
    });
    alarms.addAlarm(this, 'TemplateSyncAge', {
      metric: serviceMetric('window-sweep', 'TemplateSyncAgeSeconds').with({ statistic: Stats.MAXIMUM }),
      threshold: MAX_SYNC_AGE.toSeconds(),
      impact:
        'The templates of all accounts were last read more than 26 hours ago: changes that came by no webhook are unknown here.',
      runbook: 'template-sync-age',
    });
  }
}
