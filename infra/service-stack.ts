import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { InboundWebhookEnv } from '../functions/inbound-webhook/env.ts';
import { OutboundSendEnv } from '../functions/outbound-send/env.ts';
import { SessionsApiEnv } from '../functions/sessions-api/env.ts';
import type { Stage } from './config.ts';
import { CONFIG_FILE } from './constructs/function-code.ts';
import { ProviderSecrets } from './constructs/provider-secrets.ts';
import { ALARM_PERIOD, METRIC_NAMESPACE, ServiceAlarms } from './constructs/service-alarms.ts';
import { ServiceApi } from './constructs/service-api.ts';
import { type FunctionDefaults, ServiceFunction } from './constructs/service-function.ts';
import { SessionsTable } from './constructs/sessions-table.ts';

/** One stage of CareWindow: its table, its secrets, its functions and the HTTP API before them. */
export class ServiceStack extends Stack {
  private readonly stage: Stage;
  private readonly alarms: ServiceAlarms;
  private readonly sessions: SessionsTable;
  private readonly secrets: ProviderSecrets;

  constructor(scope: Construct, id: string, props: { readonly stage: Stage }) {
    super(scope, id, { description: 'CareWindow: WhatsApp customer care sessions' });
    this.stage = props.stage;
    this.alarms = new ServiceAlarms(this, 'Alarms', { email: this.stage.alarmEmail });
    this.sessions = new SessionsTable(this, 'Sessions', { alarms: this.alarms });
    this.secrets = new ProviderSecrets(this, 'Secrets', { accounts: this.stage.whatsapp.accounts });
    const api = new ServiceApi(this, 'Api', {
      functions: {
        'inbound-webhook': this.inboundWebhook().function,
        'outbound-send': this.outboundSend().function,
        'sessions-api': this.sessionsApi().function,
      },
      fallback: 'sessions-api',
      throttle: this.stage.throttle,
      logRetention: this.stage.logRetentionDays,
      alarms: this.alarms,
    });
    this.putOut(api.api.apiEndpoint);
  }

  private get defaults(): FunctionDefaults {
    return { config: this.stage.whatsapp, logRetention: this.stage.logRetentionDays, alarms: this.alarms };
  }

  private get sharedValues() {
    return { TABLE_NAME: this.sessions.table.tableName, CONFIG_FILE };
  }

  private get secretValues() {
    return { SECRET_ARNS: this.toJsonString(this.secrets.arns) };
  }

  private inboundWebhook() {
    const webhook = new ServiceFunction(this, 'InboundWebhook', {
      ...this.defaults,
      name: 'inbound-webhook',
      env: InboundWebhookEnv,
      values: { ...this.sharedValues, ...this.secretValues },
      timeout: Duration.seconds(25),
      // Meta asks that fewer than 1 % of webhooks take more than a second (developers.facebook.com, "Throughput").
      slow: Duration.seconds(1),
      errorImpact:
        "Customers' messages are taken only when the provider repeats them: windows open late, agents see them late.",
    });
    this.sessions.grant(webhook.function, 'PutItem', 'UpdateItem');
    this.secrets.grantRead(webhook.function);
    this.alarms.raise(webhook, 'SignatureFailures', {
      metric: new Metric({
        namespace: METRIC_NAMESPACE,
        metricName: 'SignatureFailures',
        dimensionsMap: { service: 'inbound-webhook' },
        statistic: Stats.SUM,
        period: ALARM_PERIOD,
      }),
      threshold: 5,
      impact:
        "Webhooks are refused for their signature: a secret here differs from the provider's, and customers' messages are lost, or somebody is guessing.",
    });
    return webhook;
  }

  private outboundSend() {
    const send = new ServiceFunction(this, 'OutboundSend', {
      ...this.defaults,
      name: 'outbound-send',
      env: OutboundSendEnv,
      values: { ...this.sharedValues, ...this.secretValues },
      // API Gateway waits for 30 s at most.
      timeout: Duration.seconds(29),
      slow: Duration.seconds(10),
      errorImpact: 'Messages to customers do not go out, or nobody learns whether they did.',
    });
    this.sessions.grant(send.function, 'BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem');
    this.secrets.grantRead(send.function);
    return send;
  }

  private sessionsApi() {
    const api = new ServiceFunction(this, 'SessionsApi', {
      ...this.defaults,
      name: 'sessions-api',
      env: SessionsApiEnv,
      values: this.sharedValues,
      timeout: Duration.seconds(10),
      slow: Duration.seconds(2),
      errorImpact: 'Agents and systems cannot see whether a window is open, nor read a thread.',
    });
    this.sessions.grant(api.function, 'BatchGetItem', 'GetItem', 'Query');
    return api;
  }

  private putOut(url: string): void {
    new CfnOutput(this, 'ApiUrl', { value: url, description: 'The API; its calls are signed with AWS Signature V4' });
    new CfnOutput(this, 'TableName', { value: this.sessions.table.tableName });
    new CfnOutput(this, 'AlarmTopicArn', { value: this.alarms.topic.topicArn });
    const webhooks = new Construct(this, 'WebhookUrl');
    const secrets = new Construct(this, 'SecretToFill');
    for (const { id, provider } of this.stage.whatsapp.accounts) {
      new CfnOutput(webhooks, id, {
        value: `${url}/webhooks/${provider}/${id}`,
        description: `To paste at ${provider} as the webhook of ${id}`,
      });
      const arn = this.secrets.arns[id];
      if (arn !== undefined)
        new CfnOutput(secrets, id, {
          value: arn,
          description: "To fill with aws secretsmanager put-secret-value; the secret's description says with what",
        });
    }
  }
}
