import { Duration } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { TemplateSyncEnv } from '../../functions/template-sync/env.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import { grantTemplates } from '../constructs/grant-social-messaging.ts';
import type { ProviderSecrets } from '../constructs/provider-secrets.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import { serviceMetric } from '../constructs/service-metrics.ts';
import type { SessionsTable } from '../constructs/sessions-table.ts';

interface TemplateSyncProps extends FunctionDefaults {
  readonly sessions: SessionsTable;
  readonly secrets: ProviderSecrets;
}

/** Reads the providers' templates into the registry, daily and on request. */
export class TemplateSync extends ServiceFunction<typeof TemplateSyncEnv> {
  constructor(scope: Construct, id: string, props: TemplateSyncProps) {
    const { sessions, secrets } = props;
    super(scope, id, {
      ...props,
      name: 'template-sync',
      env: TemplateSyncEnv,
      values: { TABLE_NAME: sessions.table.tableName, CONFIG_FILE, SECRET_PREFIX: secrets.prefix },
      // API Gateway answers the caller after 30 s; the sync of a large account continues to its end.
      timeout: Duration.minutes(5),
      slow: Duration.minutes(2),
      errorImpact: 'Templates stay as they were last read: new ones cannot be sent.',
      // An hour later the templates are the same: no one is woken at 03:17.
      severity: 'notice',
      schedule: Schedule.cron({ hour: '3', minute: '17' }),
    });
    sessions.grant(this.function, 'DeleteItem', 'PutItem', 'Query');
    secrets.grantRead(this.function, 'api');
    grantTemplates(this.function, props.config);
    props.alarms.addAlarm(this, 'TemplateSyncFailures', {
      metric: serviceMetric('template-sync', 'TemplateSyncFailures'),
      threshold: 1,
      impact:
        'The templates of an account could not be read from the provider: changes that came by no webhook are unknown here. Fix the cause, then run the sync again.',
      runbook: 'template-sync-failures',
    });
  }
}
