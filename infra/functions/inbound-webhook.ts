import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { InboundWebhookEnv } from '../../functions/inbound-webhook/env.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import { addItemAlarms } from '../constructs/item-alarms.ts';
import type { ProviderSecrets } from '../constructs/provider-secrets.ts';
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
    sessions.grantInbound(this.function);
    secrets.grantRead(this.function, 'webhook');
    props.alarms.addAlarm(this, 'SignatureFailures', {
      metric: serviceMetric('inbound-webhook', 'SignatureFailures'),
      threshold: 5,
      impact:
        "Webhooks are refused because their signature does not match: either the secret stored here differs from the provider's and customers' messages are lost, or a third party sends forged webhooks. Compare the secret with the provider's.",
      runbook: 'signature-failures',
    });
    addItemAlarms(this, 'inbound-webhook', props.alarms);
    props.alarms.addSilenceAlarm(this, 'Silence', {
      metric: serviceMetric('change-stream', 'CustomerMessages'),
      hours: props.silenceHours,
      impact: `No customer message has arrived for ${props.silenceHours} hours: either no customer wrote, or webhooks do not reach this service and customers get no answer. Send a test message and check the webhook settings at the provider.`,
      runbook: 'inbound-silence',
    });
  }
}
