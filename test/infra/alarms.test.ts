import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { aStage, idOf, type Resource, resourcesOf, synthesize } from './synthesize.ts';

const ALARM = 'AWS::CloudWatch::Alarm';

const FUNCTIONS = [
  { id: 'InboundWebhook', impact: "Customers' messages are taken only when", slowMs: 1_000 },
  { id: 'OutboundSend', impact: 'Messages to customers do not go out', slowMs: 10_000 },
  { id: 'SessionsApi', impact: 'Agents and systems cannot see', slowMs: 2_000 },
  { id: 'ChangeStream', impact: 'Others hear late, or not at all', slowMs: 30_000 },
  { id: 'EventDelivery', impact: 'Systems that are told over HTTPS hear late', slowMs: 15_000 },
  { id: 'WindowSweep', impact: 'sends whose outcome nobody knows are not found', slowMs: 30_000 },
  { id: 'TemplateSync', impact: 'Templates are held for what they were', slowMs: 120_000 },
];

describe('the alarms', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });

  const alarms = (): readonly Resource[] => Object.values(resourcesOf(template, ALARM));
  const topic = () => ({ Ref: idOf(template, 'AWS::SNS::Topic', 'Alarms') });

  it('all tell the topic when they begin and end, in a sentence, and take no data for good news', () => {
    for (const { Properties } of alarms()) {
      expect(Properties).toMatchObject({
        AlarmActions: [topic()],
        OKActions: [topic()],
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      });
      expect(Properties['AlarmDescription']).toMatch(/^[A-Z].{30,}\.$/);
    }
  });

  it.each(FUNCTIONS)('watch errors, throttles and the 99th percentile of $id, and say what it costs', (expected) => {
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
    ['SignatureFailures', 'inbound-webhook'],
    ['TemplateSyncFailures', 'template-sync'],
    ['OldestInDoubtSeconds', 'window-sweep'],
    ['SweepLagSeconds', 'window-sweep'],
    ['EventsRejected', 'change-stream'],
    ['DeliveriesOverdue', 'event-delivery'],
  ])('watch %s as %s counts them', (MetricName, Value) => {
    template.hasResourceProperties(ALARM, {
      Namespace: 'CareWindow',
      MetricName,
      Dimensions: [{ Name: 'service', Value }],
    });
  });

  it.each([
    ['WebhookServerErrors', '*/webhooks/*'],
    ['ApiServerErrors', '*/v1/*'],
  ])('watch %s, counted from this API’s access log', (metricName, routes) => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: `{ ($.routeKey = "${routes}") && ($.status = "5*") }`,
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
    });
  });

  it('watch the throttles of every operation that a function may do on the table', () => {
    // What Lambda does on the stream is seen in its lag.
    const granted = JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy')).matchAll(
      /dynamodb:(?!DescribeStream|ListStreams|GetRecords|GetShardIterator)(\w+)/g,
    );
    const watched = alarms().flatMap(({ Properties }) =>
      [...JSON.stringify(Properties).matchAll(/"Name":"Operation","Value":"(\w+)"/g)].map(([, operation]) => operation),
    );

    // A condition check is part of a transaction, which is what gets throttled.
    const operations = [...granted].map(([, action]) =>
      action === 'ConditionCheckItem' ? 'TransactWriteItems' : action,
    );
    expect(new Set(watched)).toEqual(new Set(operations));
  });

  it('end although DynamoDB falls silent after a throttle', () => {
    template.hasResourceProperties(ALARM, {
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'FILL(throttles, 0)' })]),
    });
  });

  it('reach a topic that takes them over TLS only', () => {
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

  it('mail to the address of the stage, and to nobody where it names none', () => {
    const { alarmEmail: _, ...silent } = aStage();

    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'duty@example.com' });
    synthesize(silent).resourceCountIs('AWS::SNS::Subscription', 0);
  });
});
