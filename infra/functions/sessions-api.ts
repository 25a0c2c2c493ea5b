import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SessionsApiEnv } from '../../functions/sessions-api/env.ts';
import type { EventDeliveries } from '../constructs/event-deliveries.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import type { SessionsTable } from '../constructs/sessions-table.ts';

interface SessionsApiProps extends FunctionDefaults {
  readonly sessions: SessionsTable;
  /** @default - no channel has endpoints */
  readonly deliveries: EventDeliveries | undefined;
}

/** Answers the API's calls on windows, threads, consent, usage and templates. */
export class SessionsApi extends ServiceFunction<typeof SessionsApiEnv> {
  constructor(scope: Construct, id: string, props: SessionsApiProps) {
    const { sessions, deliveries } = props;
    super(scope, id, {
      ...props,
      name: 'sessions-api',
      env: SessionsApiEnv,
      values: {
        TABLE_NAME: sessions.table.tableName,
        CONFIG_FILE,
        DELIVERY_QUEUE_URL: deliveries?.queue.queueUrl ?? '',
      },
      timeout: Duration.seconds(10),
      slow: Duration.seconds(2),
      errorImpact:
        'Agents and systems cannot read windows or threads, list the windows that close soon, record an opt-out, or erase a customer.',
    });
    sessions.grant(
      this.function,
      'BatchGetItem',
      'ConditionCheckItem',
      'DeleteItem',
      'GetItem',
      'PutItem',
      'Query',
      'UpdateItem',
    );
    sessions.grantFindDue(this.function);
    deliveries?.grantSend(this.function);
  }
}
