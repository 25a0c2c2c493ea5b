import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ErrorClass } from '../../functions/shared/providers/provider.ts';
import { aStage, idOf, propertiesOf, type Resource, resourcesOf, synthesize } from './synthesize.ts';

const ALARM = 'AWS::CloudWatch::Alarm';

const FUNCTIONS = [
  { id: 'InboundWebhook', impact: "Customers' messages are recorded only when", slowMs: 1_000 },
  { id: 'OutboundSend', impact: 'Messages to customers are not sent', slowMs: 10_000 },
  { id: 'Media', impact: 'Agents cannot see the files of customers', slowMs: 45_000 },
  { id: 'SessionsApi', impact: 'Agents and systems cannot read', slowMs: 2_000 },
  { id: 'ChangeStream', impact: 'are published late or not at all', slowMs: 30_000 },
  { id: 'EventDelivery', impact: 'Systems that receive events over HTTPS get them late', slowMs: 15_000 },
  { id: 'WindowSweep', impact: 'sends in doubt are not found', slowMs: 30_000 },
  { id: 'TemplateSync', impact: 'Templates stay as they were last read', slowMs: 120_000 },
];

/** The threshold of errors in five minutes; `window_closed` has the alarm on disagreements. */
const ERROR_CLASSES: Readonly<Record<Exclude<ErrorClass, 'window_closed'>, number>> = {
  alert: 1,
  retry_now: 5,
  retry_later: 10,
  fix_request: 10,
  fix_template: 5,
  never: 20,
  opted_out: 20,
};

/** A metric of the service, summed over a period in seconds, as an expression refers to it. */
const counted = (Id: string, MetricName: string, by: Readonly<Record<string, string>>, Period = 300) =>
  Match.objectLike({
    Id,
    MetricStat: Match.objectLike({
      Period,
      Stat: 'Sum',
      Metric: {
        Namespace: 'CareWindow',
        MetricName,
        Dimensions: Object.entries({ ...by, stage: 'test' }).map(([Name, Value]) => ({ Name, Value })),
      },
    }),
  });

describe('the alarms', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });

  const alarms = (): readonly Resource[] => Object.values(resourcesOf(template, ALARM));

  it('notify no one by themselves, and have a sentence and a runbook section', () => {
    for (const { Properties } of alarms()) {
      expect(Properties).not.toHaveProperty('AlarmActions');
      expect(Properties).not.toHaveProperty('OKActions');
      expect(Properties['AlarmDescription']).toMatch(/^[A-Z].{30,}\. Runbook: docs\/runbook\.md#[a-z0-9_-]+$/);
    }
  });

  it.each([
    ['Page', 'Alarms', 'Customers are harmed now'],
    ['Notice', 'Notices', 'fixed in the morning'],
  ])(
    'notify the topic of their severity through the composite alarm %s, when the first starts and the last ends',
    (id, topicId, text) => {
      const topic = { Ref: idOf(template, 'AWS::SNS::Topic', topicId) };

      expect(propertiesOf(template, 'AWS::CloudWatch::CompositeAlarm', `Alarms${id}`)).toMatchObject({
        AlarmActions: [topic],
        OKActions: [topic],
        AlarmDescription: expect.stringContaining(text),
      });
      template.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 2);
    },
  );

  it('all treat missing data as good, except those on the beat', () => {
    const unusual = alarms().filter(({ Properties }) => Properties['TreatMissingData'] !== 'notBreaching');

    expect(unusual.map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({
        TreatMissingData: 'breaching',
        MetricName: 'Beats',
        Period: 300,
        EvaluationPeriods: 3,
        AlarmDescription: expect.stringMatching(/#service-beat$/),
      }),
      expect.objectContaining({ TreatMissingData: 'ignore', MetricName: 'SettledBeats' }),
    ]);
  });

  it.each(FUNCTIONS)('watch errors, throttles and the 99th percentile of $id, and describe the impact', (expected) => {
    const functionName = { Ref: idOf(template, 'AWS::Lambda::Function', expected.id) };
    const watching = (metric: object) =>
      template.hasResourceProperties(ALARM, {
        Namespace: 'AWS/Lambda',
        Dimensions: [{ Name: 'FunctionName', Value: functionName }],
        AlarmDescription: Match.stringLikeRegexp(expected.impact),
        ...metric,
      });

    watching({ MetricName: 'Errors', Statistic: 'Sum', Threshold: 1 });
    watching({ MetricName: 'Throttles', Statistic: 'Sum', Threshold: 1 });
    watching({ MetricName: 'Duration', ExtendedStatistic: 'p99', Threshold: expected.slowMs });
  });

  it.each([
    ['SignatureFailures', 'inbound-webhook', 'Sum', 5, 'signature-failures'],
    ['TemplateSyncFailures', 'template-sync', 'Sum', 1, 'template-sync-failures'],
    ['OldestInDoubtSeconds', 'window-sweep', 'Maximum', 900, 'in-doubt-age'],
    ['SweepLagSeconds', 'window-sweep', 'Maximum', 90, 'sweep-lag'],
    ['EventsRejected', 'change-stream', 'Sum', 10, 'events-rejected'],
    ['ItemsUnreadable', 'window-sweep', 'Sum', 1, 'items-unreadable'],
    ['UsageThresholdsReached', 'change-stream', 'Sum', 1, 'mau-thresholds'],
    ['TemplatesPaused', 'change-stream', 'Sum', 1, 'template-paused'],
    ['DeliveriesOverdue', 'event-delivery', 'Sum', 1, 'deliveries-late'],
    ['DeliveriesDropped', 'event-delivery', 'Sum', 1, 'deliveries-dropped'],
    ['FilesRefused', 'media', 'Sum', 1, 'media-refused'],
    ['ItemsUnreadable', 'inbound-webhook', 'Sum', 1, 'items-unreadable'],
    ['ItemsMalformed', 'inbound-webhook', 'Sum', 1, 'items-malformed'],
    ['ItemsQuarantined', 'inbound-webhook', 'Sum', 1, 'items-quarantined'],
    ['OutcomesUnwritten', 'outbound-send', 'Sum', 1, 'outcomes-unwritten'],
    ['TemplateSyncAgeSeconds', 'window-sweep', 'Maximum', 93_600, 'template-sync-age'],
  ])('watch %s as %s publishes them', (MetricName, Value, Statistic, Threshold, section) => {
    template.hasResourceProperties(ALARM, {
      Namespace: 'CareWindow',
      MetricName,
      Dimensions: [
        { Name: 'service', Value },
        { Name: 'stage', Value: 'test' },
      ],
      Statistic,
      Threshold,
      AlarmDescription: Match.stringLikeRegexp(`#${section}$`),
    });
  });

  it.each(Object.entries(ERROR_CLASSES))('watch errors of class %s in responses and in statuses', (name, Threshold) => {
    template.hasResourceProperties(ALARM, {
      Threshold,
      AlarmDescription: Match.stringLikeRegexp(`#provider-errors-${name}$`),
      Metrics: Match.arrayWith([
        Match.objectLike({
          Expression: 'SUM([FILL(sends, 0), FILL(webhooks, 0), FILL(events, 0)])',
          ReturnData: true,
        }),
        counted('sends', 'ProviderErrors', { class: name, service: 'outbound-send' }),
        counted('webhooks', 'ProviderErrors', { class: name, service: 'inbound-webhook' }),
        counted('events', 'ProviderErrors', { class: name, service: 'inbound-queue' }),
      ]),
    });
  });

  it('watch windows that a provider considers closed, in responses and in statuses', () => {
    template.hasResourceProperties(ALARM, {
      Threshold: 1,
      AlarmDescription: Match.stringLikeRegexp('#provider-disagreement$'),
      Metrics: Match.arrayWith([
        counted('sends', 'ProviderDisagreements', { service: 'outbound-send' }),
        counted('webhooks', 'ProviderDisagreements', { service: 'inbound-webhook' }),
        counted('events', 'ProviderDisagreements', { service: 'inbound-queue' }),
      ]),
    });
  });

  it('watch errors of accounts, and names that contradict each other, wherever they are reported', () => {
    template.hasResourceProperties(ALARM, {
      Threshold: 1,
      AlarmDescription: Match.stringLikeRegexp('#account-errors$'),
      Metrics: Match.arrayWith([
        counted('webhooks', 'AccountErrors', { service: 'inbound-webhook' }),
        counted('events', 'AccountErrors', { service: 'inbound-queue' }),
      ]),
    });
    template.hasResourceProperties(ALARM, {
      Threshold: 20,
      AlarmDescription: Match.stringLikeRegexp('#names-contradicted$'),
      Metrics: Match.arrayWith([
        counted('sends', 'NamesContradicted', { service: 'change-stream' }),
        counted('webhooks', 'NamesContradicted', { service: 'inbound-webhook' }),
        counted('events', 'NamesContradicted', { service: 'inbound-queue' }),
      ]),
    });
  });

  it('watch secrets that could not be refreshed, in every function that reads secrets', () => {
    template.hasResourceProperties(ALARM, {
      Threshold: 1,
      AlarmDescription: Match.stringLikeRegexp('#secrets-stale$'),
      Metrics: Match.arrayWith([
        counted('webhooks', 'SecretsStale', { service: 'inbound-webhook' }),
        counted('sends', 'SecretsStale', { service: 'outbound-send' }),
        counted('files', 'SecretsStale', { service: 'media' }),
        counted('templates', 'SecretsStale', { service: 'template-sync' }),
        counted('deliveries', 'SecretsStale', { service: 'event-delivery' }),
      ]),
    });
  });

  it('watch the percentage of refused sends, from 20 sends on', () => {
    const ofSends = { service: 'outbound-send' };

    template.hasResourceProperties(ALARM, {
      Threshold: 50,
      AlarmDescription: Match.stringLikeRegexp('#refusal-rate$'),
      Metrics: Match.arrayWith([
        Match.objectLike({
          Expression: 'IF(asked >= 20, 100 * FILL(refused, 0) / asked, 0)',
          ReturnData: true,
        }),
        counted('refused', 'SendsRefused', ofSends, 900),
        Match.objectLike({
          Id: 'asked',
          Expression:
            'SUM([FILL(refused, 0), FILL(sent, 0), FILL(rejected, 0), FILL(unavailable, 0), FILL(doubtful, 0)])',
        }),
        counted('sent', 'MessagesSent', ofSends, 900),
        counted('rejected', 'SendsRejected', ofSends, 900),
        counted('unavailable', 'SendsUnavailable', ofSends, 900),
        counted('doubtful', 'SendsInDoubt', ofSends, 900),
      ]),
    });
  });

  it('watch for hours without a customer message, as many as the stage configures', () => {
    const silence = (EvaluationPeriods: number) => ({
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods,
      TreatMissingData: 'notBreaching',
      AlarmDescription: Match.stringLikeRegexp(`arrived for ${EvaluationPeriods} hours`),
      MetricName: 'CustomerMessages',
      Statistic: 'Sum',
      Period: 3_600,
    });

    template.hasResourceProperties(ALARM, silence(12));
    synthesize(aStage({ inboundSilenceHours: 48 })).hasResourceProperties(ALARM, silence(48));
  });

  it.each([
    ['WebhookServerErrors', '*/webhooks/*', '5*', 1, 'webhook-5xx'],
    ['ApiServerErrors', '*/v1/*', '5*', 5, 'api-5xx'],
    ['WebhooksThrottled', '*/webhooks/*', '429', 1, 'webhooks-throttled'],
  ])('watch %s, counted from this API’s access log', (metricName, routes, status, Threshold, section) => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: `{ ($.routeKey = "${routes}") && ($.status = "${status}") }`,
      MetricTransformations: [
        {
          MetricNamespace: 'CareWindow',
          MetricName: metricName,
          Dimensions: [{ Key: 'api', Value: '$.apiId' }],
        },
      ],
    });
    template.hasResourceProperties(ALARM, {
      Namespace: 'CareWindow',
      MetricName: metricName,
      Dimensions: [{ Name: 'api', Value: { Ref: idOf(template, 'AWS::ApiGatewayV2::Api', 'Api') } }],
      Threshold,
      AlarmDescription: Match.stringLikeRegexp(`#${section}$`),
    });
  });

  it('watch the throttles of every operation that a function may do on the table', () => {
    // The actions on the stream are covered by the alarm on its lag.
    const granted = JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy')).matchAll(
      /dynamodb:(?!DescribeStream|ListStreams|GetRecords|GetShardIterator)(\w+)/g,
    );
    const watched = alarms().flatMap(({ Properties }) =>
      [...JSON.stringify(Properties).matchAll(/"Name":"Operation","Value":"(\w+)"/g)].map(([, operation]) => operation),
    );

    // DynamoDB throttles a condition check as part of its transaction.
    const operations = [...granted].map(([, action]) =>
      action === 'ConditionCheckItem' ? 'TransactWriteItems' : action,
    );
    expect(new Set(watched)).toEqual(new Set(operations));
  });

  it('end although DynamoDB publishes no data after a throttle', () => {
    template.hasResourceProperties(ALARM, {
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'FILL(throttles, 0)' })]),
    });
  });

  it('reach a topic that accepts messages over TLS only', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  it('are emailed to the address of the stage, if it has one', () => {
    const { alarmEmail: _, ...withoutEmail } = aStage();

    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'duty@example.com' });
    synthesize(withoutEmail).resourceCountIs('AWS::SNS::Subscription', 0);
  });
});
