import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { ChangeStreamEnv } from '../functions/change-stream/env.ts';
import { EventDeliveryEnv } from '../functions/event-delivery/env.ts';
import { InboundWebhookEnv } from '../functions/inbound-webhook/env.ts';
import { OutboundSendEnv } from '../functions/outbound-send/env.ts';
import { SessionsApiEnv } from '../functions/sessions-api/env.ts';
import { TemplateSyncEnv } from '../functions/template-sync/env.ts';
import { WindowSweepEnv } from '../functions/window-sweep/env.ts';
import type { Stage } from './config.ts';
import { EventDeliveries } from './constructs/event-deliveries.ts';
import { CONFIG_FILE } from './constructs/function-code.ts';
import { ProviderAlarms } from './constructs/provider-alarms.ts';
import { ProviderSecrets } from './constructs/provider-secrets.ts';
import { ServiceAlarms } from './constructs/service-alarms.ts';
import { ServiceApi } from './constructs/service-api.ts';
import { ServiceDashboard } from './constructs/service-dashboard.ts';
import { ServiceEvents } from './constructs/service-events.ts';
import { type FunctionDefaults, ServiceFunction } from './constructs/service-function.ts';
import { serviceMetric, sumOf } from './constructs/service-metrics.ts';
import { SessionsTable } from './constructs/sessions-table.ts';

const TO_FILL = "To fill with aws secretsmanager put-secret-value; the secret's description says with what";

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
    new ProviderAlarms(this, 'Provider', { alarms: this.alarms });
    const stream = this.changeStream().function;
    this.windowSweep();
    const send = this.outboundSend();
    this.eventDelivery();
    const { api } = new ServiceApi(this, 'Api', {
      functions: {
        'inbound-webhook': this.inboundWebhook().function,
        'outbound-send': send.function,
        'sessions-api': this.sessionsApi().function,
        'template-sync': this.templateSync().function,
      },
      fallback: 'sessions-api',
      throttle: this.stage.throttle,
      logRetention: this.stage.logRetentionDays,
      alarms: this.alarms,
    });
    const dashboard = new ServiceDashboard(this, 'Dashboard', {
      alarms: this.alarms,
      api,
      table: this.sessions.table,
      functions: this.functions,
      stream,
      sendLogs: send.logGroup,
    });
    this.putOut({ url: api.apiEndpoint, dashboardName: dashboard.dashboardName });
  }

  /** Every function of the stack, by its name in it. */
  private get functions() {
    return Object.fromEntries(
      this.node.children
        .filter((child) => child instanceof ServiceFunction)
        .map((child) => [child.node.id, child.function]),
    );
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
    this.alarms.addAlarm(webhook, 'SignatureFailures', {
      metric: serviceMetric('inbound-webhook', 'SignatureFailures'),
      threshold: 5,
      impact:
        "Webhooks are refused for their signature: a secret here differs from the provider's, and customers' messages are lost, or somebody is guessing.",
      runbook: 'signature-failures',
    });
    this.alarms.addSilenceAlarm(webhook, 'Silence', {
      metric: serviceMetric('inbound-webhook', 'MessagesReceived'),
      hours: this.stage.inboundSilenceHours,
      impact: `No customer has been heard for ${this.stage.inboundSilenceHours} hours: either nobody wrote, or messages are lost on their way here and nobody answers them.`,
      runbook: 'inbound-silence',
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
    this.raiseRefusals(send);
    return send;
  }

  /** Most sends refused is a caller that does not look at the window; of a few sends, any share is chance. */
  private raiseRefusals(send: Construct): void {
    const outcomes = {
      refused: serviceMetric('outbound-send', 'SendsRefused'),
      sent: serviceMetric('outbound-send', 'MessagesSent'),
      rejected: serviceMetric('outbound-send', 'SendsRejected'),
      unavailable: serviceMetric('outbound-send', 'SendsUnavailable'),
      doubtful: serviceMetric('outbound-send', 'SendsInDoubt'),
    };
    this.alarms.addAlarm(send, 'Refusals', {
      metric: new MathExpression({
        expression: 'IF(asked >= 20, 100 * FILL(refused, 0) / asked, 0)',
        usingMetrics: { refused: outcomes.refused, asked: sumOf(outcomes) },
        label: 'percent of sends refused',
        period: Duration.minutes(15),
      }),
      threshold: 50,
      impact: 'Half of all sends or more are refused: agents and bots write, and customers get no answer.',
      runbook: 'refusal-rate',
    });
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
    this.sessions.grant(
      api.function,
      'BatchGetItem',
      'ConditionCheckItem',
      'DeleteItem',
      'GetItem',
      'PutItem',
      'Query',
      'UpdateItem',
    );
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
      noDeadLetterQueue:
        'The stream hands a failed batch over again, and what keeps failing goes to a queue of its own.',
    });
    this.sessions.grant(stream.function, 'BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'PutItem', 'UpdateItem');
    this.events.grantPut(stream.function);
    this.events.addEventSource(stream.function, this.sessions.table);
    this.alarms.addAlarm(stream, 'EventsRejected', {
      metric: serviceMetric('change-stream', 'EventsRejected'),
      threshold: 10,
      impact: 'The event bus rejects events: each is tried again, and others hear of it late.',
      runbook: 'events-rejected',
    });
    this.alarms.addAlarm(stream, 'TemplatesPaused', {
      metric: serviceMetric('change-stream', 'TemplatesPaused'),
      threshold: 1,
      impact:
        'The provider has stopped a template: sends of it are refused, and customers whose window has closed are not reached.',
      runbook: 'template-paused',
    });
    this.alarms.addAlarm(stream, 'UsageThresholds', {
      metric: serviceMetric('change-stream', 'UsageThresholdsReached'),
      threshold: 1,
      impact:
        'A channel has had more customers this month than planned: no message is lost, but where the bill goes by customers it is higher.',
      runbook: 'mau-thresholds',
    });
    return stream;
  }

  /** Only where a channel names endpoints. */
  private eventDelivery(): void {
    const channels = this.stage.whatsapp.channels.filter(({ deliveries }) => deliveries.length > 0);
    if (channels.length === 0) return;
    const deliveries = new EventDeliveries(this, 'Deliveries', {
      bus: this.events.bus,
      channels,
      alarms: this.alarms,
    });
    const delivery = new ServiceFunction(this, 'EventDelivery', {
      ...this.defaults,
      name: 'event-delivery',
      env: EventDeliveryEnv,
      values: {
        CONFIG_FILE,
        QUEUE_URL: deliveries.queue.queueUrl,
        DELIVERY_SECRET_ARNS: this.toJsonString(deliveries.secrets.arns),
      },
      timeout: Duration.seconds(30),
      // An endpoint has 10 s to answer; what is longer is ours.
      slow: Duration.seconds(15),
      errorImpact: 'Systems that are told over HTTPS hear late of messages, statuses and sessions.',
      noDeadLetterQueue:
        'The queue hands a failed batch over again, and what keeps failing goes to a queue of its own.',
    });
    deliveries.secrets.grantRead(delivery.function);
    deliveries.addEventSource(delivery.function);
    this.alarms.addAlarm(delivery, 'DeliveriesOverdue', {
      metric: serviceMetric('event-delivery', 'DeliveriesOverdue'),
      threshold: 1,
      runbook: 'deliveries-late',
      impact:
        'An endpoint has not taken an event for more than half an hour: the system behind it does not know of what happens.',
    });
    this.putOutDeliveries(deliveries);
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
    this.alarms.addAlarm(sweep, 'OldestInDoubt', {
      metric: serviceMetric('window-sweep', 'OldestInDoubtSeconds').with({ statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(15).toSeconds(),
      impact:
        'A message has been in doubt for more than 15 minutes: nobody knows whether the customer got it, and it is not sent again.',
      runbook: 'in-doubt-age',
    });
    this.alarms.addAlarm(sweep, 'Lag', {
      metric: serviceMetric('window-sweep', 'SweepLagSeconds').with({ statistic: Stats.MAXIMUM }),
      threshold: 90,
      impact:
        'Sessions are told to be closed more than 90 seconds after their end: bots and agents act on closed windows.',
      runbook: 'sweep-lag',
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
    this.alarms.addAlarm(sync, 'TemplateSyncFailures', {
      metric: serviceMetric('template-sync', 'TemplateSyncFailures'),
      threshold: 1,
      impact: 'A provider does not list its templates: what changed there and came by no webhook is not known here.',
      runbook: 'template-sync-failures',
    });
    return sync;
  }

  private putOutDeliveries({ deadLetterQueue: failures, secrets }: EventDeliveries): void {
    new CfnOutput(this, 'DeliveryFailuresQueueArn', {
      value: failures.queueArn,
      description: 'Queue of the events that an endpoint did not take: docs/events.md',
    });
    const toFill = new Construct(this, 'DeliverySecretToFill');
    for (const [channel, value] of Object.entries(secrets.arns))
      new CfnOutput(toFill, channel, { value, description: TO_FILL });
  }

  private putOut({ url, dashboardName }: { readonly url: string; readonly dashboardName: string }): void {
    new CfnOutput(this, 'ApiUrl', { value: url, description: 'The API; its calls are signed with AWS Signature V4' });
    new CfnOutput(this, 'Region', { value: this.region });
    new CfnOutput(this, 'TableName', { value: this.sessions.table.tableName });
    new CfnOutput(this, 'EventBusName', {
      value: this.events.bus.eventBusName,
      description: 'To listen to: docs/events.md',
    });
    new CfnOutput(this, 'EventFailuresQueueUrl', {
      value: this.events.deadLetterQueue.queueUrl,
      description: 'Where changes end that could not be told of; npm run redrive tells of them again',
    });
    new CfnOutput(this, 'AlarmTopicArn', { value: this.alarms.topic.topicArn });
    new CfnOutput(this, 'DashboardName', {
      value: dashboardName,
      description: 'In CloudWatch: is it healthy, is it used, what does it cost',
    });
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
          description: TO_FILL,
        });
    }
  }
}
