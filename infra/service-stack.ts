import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { ChangeStreamEnv } from '../functions/change-stream/env.ts';
import { InboundWebhookEnv } from '../functions/inbound-webhook/env.ts';
import { OutboundSendEnv } from '../functions/outbound-send/env.ts';
import { SessionsApiEnv } from '../functions/sessions-api/env.ts';
import { TemplateSyncEnv } from '../functions/template-sync/env.ts';
import { WindowSweepEnv } from '../functions/window-sweep/env.ts';
import type { Stage } from './config.ts';
import { CONFIG_FILE } from './constructs/function-code.ts';
import { ProviderSecrets } from './constructs/provider-secrets.ts';
import { ALARM_PERIOD, METRIC_NAMESPACE, ServiceAlarms } from './constructs/service-alarms.ts';
import { ServiceApi } from './constructs/service-api.ts';
import { ServiceEvents } from './constructs/service-events.ts';
import { type FunctionDefaults, ServiceFunction } from './constructs/service-function.ts';
import { SessionsTable } from './constructs/sessions-table.ts';

/** What a function counts or measures by itself; the sum unless another statistic is asked for. */
const measureOf = (service: string, metricName: string): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { service },
    statistic: Stats.SUM,
    period: ALARM_PERIOD,
  });

/** One stage of CareWindow: its table, its secrets, its functions and the HTTP API before them. */
export class ServiceStack extends Stack {
  private readonly stage: Stage;
  private readonly alarms: ServiceAlarms;
  private readonly sessions: SessionsTable;
  private readonly secrets: ProviderSecrets;
  private readonly events: ServiceEvents;

  constructor(scope: Construct, id: string, props: { readonly stage: Stage }) {
    super(scope, id, { description: 'CareWindow: WhatsApp customer care sessions' });
    this.stage = props.stage;
    this.alarms = new ServiceAlarms(this, 'Alarms', { email: this.stage.alarmEmail });
    this.sessions = new SessionsTable(this, 'Sessions', { alarms: this.alarms });
    this.secrets = new ProviderSecrets(this, 'Secrets', { accounts: this.stage.whatsapp.accounts });
    this.events = new ServiceEvents(this, 'Events', { alarms: this.alarms });
    this.changeStream();
    this.windowSweep();
    const api = new ServiceApi(this, 'Api', {
      functions: {
        'inbound-webhook': this.inboundWebhook().function,
        'outbound-send': this.outboundSend().function,
        'sessions-api': this.sessionsApi().function,
        'template-sync': this.templateSync().function,
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
    this.sessions.grant(webhook.function, 'ConditionCheckItem', 'GetItem', 'PutItem', 'UpdateItem');
    this.secrets.grantRead(webhook.function);
    this.alarms.raise(webhook, 'SignatureFailures', {
      metric: measureOf('inbound-webhook', 'SignatureFailures'),
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
    this.sessions.grant(send.function, 'BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'UpdateItem');
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
      errorImpact:
        'Agents and systems cannot see whether a window is open or which close soon, read a thread, record an opt-out, or erase a customer.',
    });
    this.sessions.grant(api.function, 'BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem');
    this.sessions.grantFindDue(api.function);
    return api;
  }

  private changeStream() {
    const stream = new ServiceFunction(this, 'ChangeStream', {
      ...this.defaults,
      name: 'change-stream',
      env: ChangeStreamEnv,
      values: { ...this.sharedValues, BUS_NAME: this.events.bus.eventBusName },
      timeout: Duration.seconds(60),
      slow: Duration.seconds(30),
      errorImpact: 'Others hear late, or not at all, of messages, statuses and the end of sessions.',
      failuresGoTo: 'The stream hands a failed batch over again, and what keeps failing goes to a queue of its own.',
    });
    this.sessions.grant(stream.function, 'PutItem', 'UpdateItem');
    this.events.grantPut(stream.function);
    this.events.feed(stream.function, this.sessions.table);
    this.alarms.raise(stream, 'EventsRejected', {
      metric: measureOf('change-stream', 'EventsRejected'),
      threshold: 10,
      impact: 'The event bus rejects events: each is tried again, and others hear of it late.',
    });
    return stream;
  }

  private windowSweep() {
    const sweep = new ServiceFunction(this, 'WindowSweep', {
      ...this.defaults,
      name: 'window-sweep',
      env: WindowSweepEnv,
      values: this.sharedValues,
      timeout: Duration.seconds(55),
      slow: Duration.seconds(30),
      errorImpact:
        'Nobody hears of sessions that close, and sends whose outcome nobody knows are not found: a customer may be left without an answer.',
      schedule: Schedule.rate(Duration.minutes(1)),
    });
    this.sessions.grant(sweep.function, 'BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem');
    this.sessions.grantFindDue(sweep.function);
    this.alarms.raise(sweep, 'OldestInDoubt', {
      metric: measureOf('window-sweep', 'OldestInDoubtSeconds').with({ statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(15).toSeconds(),
      impact:
        'A message has been in doubt for more than 15 minutes: nobody knows whether the customer got it, and it is not sent again.',
    });
    this.alarms.raise(sweep, 'Lag', {
      metric: measureOf('window-sweep', 'SweepLagSeconds').with({ statistic: Stats.MAXIMUM }),
      threshold: 90,
      impact:
        'Sessions are told to be closed more than 90 seconds after their end: bots and agents act on closed windows.',
    });
    return sweep;
  }

  private templateSync() {
    const sync = new ServiceFunction(this, 'TemplateSync', {
      ...this.defaults,
      name: 'template-sync',
      env: TemplateSyncEnv,
      values: { ...this.sharedValues, ...this.secretValues },
      // A caller hears for 30 s at most; a large account takes longer, and gets to its end all the same.
      timeout: Duration.minutes(5),
      slow: Duration.minutes(2),
      errorImpact: 'Templates are held for what they were when they were last read: new ones cannot be sent.',
      schedule: Schedule.cron({ hour: '3', minute: '17' }),
    });
    this.sessions.grant(sync.function, 'DeleteItem', 'PutItem', 'Query');
    this.secrets.grantRead(sync.function);
    this.alarms.raise(sync, 'TemplateSyncFailures', {
      metric: measureOf('template-sync', 'TemplateSyncFailures'),
      threshold: 1,
      impact: 'A provider does not list its templates: what changed there and came by no webhook is not known here.',
    });
    return sync;
  }

  private putOut(url: string): void {
    new CfnOutput(this, 'ApiUrl', { value: url, description: 'The API; its calls are signed with AWS Signature V4' });
    new CfnOutput(this, 'TableName', { value: this.sessions.table.tableName });
    new CfnOutput(this, 'EventBusName', {
      value: this.events.bus.eventBusName,
      description: 'To listen to: docs/events.md',
    });
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
