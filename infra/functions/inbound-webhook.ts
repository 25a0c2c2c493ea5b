import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { InboundWebhookEnv } from '../../functions/inbound-webhook/env.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import type { ProviderSecrets } from '../constructs/provider-secrets.ts';
import type { ServiceAlarms } from '../constructs/service-alarms.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import { serviceMetric } from '../constructs/service-metrics.ts';
import type { SessionsTable } from '../constructs/sessions-table.ts';

interface InboundWebhookProps extends FunctionDefaults {
  readonly sessions: SessionsTable;
  readonly secrets: ProviderSecrets;
  /** Hours without a customer's message after which the alarm `Silence` is raised. */
  readonly silenceHours: number;
}

/** Receives the providers' webhooks. */
export class InboundWebhook extends ServiceFunction<typeof InboundWebhookEnv> {
  constructor(scope: Construct, id: string, props: InboundWebhookProps) {
    const { sessions, secrets } = props;
    super(scope, id, {
      ...props,
      name: 'inbound-webhook',
      env: InboundWebhookEnv,
      values: { TABLE_NAME: sessions.table.tableName, CONFIG_FILE, SECRET_PREFIX: secrets.prefix },
      timeout: Duration.seconds(25),
      // Meta asks that fewer than 1 % of webhooks take more than a second (developers.facebook.com, "Throughput").
      slow: Duration.seconds(1),
      errorImpact:
        "Customers' messages are recorded only when the provider retries: windows open late, and agents see messages late.",
    });
    sessions.grant(
      this.function,
      'BatchGetItem',
      'ConditionCheckItem',
      'DeleteItem',
      'GetItem',
      'PutItem',
      'UpdateItem',
    );
    secrets.grantRead(this.function, 'webhook');
    props.alarms.addAlarm(this, 'SignatureFailures', {
      metric: serviceMetric('inbound-webhook', 'SignatureFailures'),
      threshold: 5,
      impact:
        "Webhooks are refused because their signature does not match: either the secret stored here differs from the provider's and customers' messages are lost, or a third party sends forged webhooks. Compare the secret with the provider's.",
      runbook: 'signature-failures',
    });
    this.addItemAlarms(props.alarms);
    props.alarms.addSilenceAlarm(this, 'Silence', {
      metric: serviceMetric('change-stream', 'CustomerMessages'),
      hours: props.silenceHours,
      impact: `No customer message has arrived for ${props.silenceHours} hours: either no customer wrote, or webhooks do not reach this service and customers get no answer. Send a test message and check the webhook settings at the provider.`,
      runbook: 'inbound-silence',
    });
  }

  /** The alarms on parts of a webhook that are not recorded as what they are. */
  private addItemAlarms(alarms: ServiceAlarms): void {
    alarms.addAlarm(this, 'UnplacedItems', {
      metric: serviceMetric('inbound-webhook', 'ItemsUnplaced'),
      threshold: 1,
      impact:
        'A webhook held something that names no customer, no id or no time: a customer may have written it, no agent sees it and no window opens. It is kept in the table for 30 days.',
      runbook: 'unplaced-items',
    });
    alarms.addAlarm(this, 'ItemsMalformed', {
      metric: serviceMetric('inbound-webhook', 'ItemsMalformed'),
      threshold: 1,
      impact:
        'A part of a correctly signed webhook could not be read: a message or a status may be missing here. The provider has probably changed its format.',
      runbook: 'items-malformed',
    });
    alarms.addAlarm(this, 'Unreadable', {
      metric: serviceMetric('inbound-webhook', 'ItemsUnreadable'),
      threshold: 1,
      impact:
        'A customer’s session or record in the table cannot be read by the deployed version: their messages are kept, their window does not open, and the provider delivers them again until the item is repaired.',
      runbook: 'items-unreadable',
    });
    alarms.addAlarm(this, 'ItemsQuarantined', {
      metric: serviceMetric('inbound-webhook', 'ItemsQuarantined'),
      threshold: 1,
      impact:
        'A report of the provider contradicts itself and was not applied: a customer’s opt-in or opt-out may be missing here.',
      runbook: 'items-quarantined',
    });
  }
}
