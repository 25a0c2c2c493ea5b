import { describe, expect, it } from 'vitest';
import { deploy } from '../../rehearsal/assembly/assembly.ts';
import { createMetricWatch } from '../../rehearsal/watch/metrics.ts';

const anAlarm = (
  dimensions: Readonly<Record<string, unknown>>,
  MetricName = 'MessagesSent',
  Namespace = 'CareWindow',
) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    MetricName,
    Namespace,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  },
});

const aDashboard = (expression: string) => ({
  Type: 'AWS::CloudWatch::Dashboard',
  Properties: { DashboardBody: JSON.stringify({ widgets: [{ properties: { metrics: [[{ expression }]] } }] }) },
});

const watch = (resources: Readonly<Record<string, { Type: string; Properties: Record<string, unknown> }>>) =>
  createMetricWatch(
    deploy(
      {
        folder: '',
        stackName: 'Stack',
        template: {
          Resources: {
            Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
            Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
            ...resources,
          },
        },
      },
      'http://127.0.0.1',
    ),
    (name) => name !== 'Renamed',
  );

const anEmfLine = (dimensions: Readonly<Record<string, string>>, name = 'MessagesSent') => ({
  _aws: {
    CloudWatchMetrics: [{ Namespace: 'CareWindow', Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: name }] }],
  },
  ...dimensions,
  [name]: 1,
});

const SENT = { service: 'outbound-send', stage: 'production' };

describe('what an alarm reads', () => {
  it.each([
    ['as it is published', SENT, [], []],
    [
      'of another stage',
      { ...SENT, stage: 'test' },
      ['Alarm reads MessagesSent by {"service":"outbound-send","stage":"test"}'],
      [],
    ],
    ['without a dimension', { stage: 'production' }, ['Alarm reads MessagesSent by {"stage":"production"}'], []],
    ['of a function that published nothing', { ...SENT, service: 'media' }, [], ['MessagesSent media']],
  ])('%s', (_, dimensions, mismatches, unpublished) => {
    const metrics = watch({ Alarm: anAlarm(dimensions) });
    metrics.take(anEmfLine(SENT));

    expect(metrics.report()).toEqual({ mismatches, unpublished });
  });

  it('by another value of a dimension is not published yet, and no mistake', () => {
    const metrics = watch({ Alarm: anAlarm({ ...SENT, class: 'never' }, 'ProviderErrors') });
    metrics.take(anEmfLine({ ...SENT, class: 'alert' }, 'ProviderErrors'));

    expect(metrics.report()).toEqual({ mismatches: [], unpublished: ['ProviderErrors outbound-send never'] });
  });

  it('by a name that no code has is a mistake', () => {
    const metrics = watch({ Alarm: anAlarm(SENT, 'Renamed') });
    metrics.take(anEmfLine(SENT));

    expect(metrics.report().mismatches).toEqual([
      'Alarm reads Renamed by {"service":"outbound-send","stage":"production"}, which no code publishes',
    ]);
  });

  it('of AWS itself names a resource of the template', () => {
    const right = anAlarm({ QueueName: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }, 'Age', 'AWS/SQS');
    const wrong = anAlarm({ QueueName: 'another' }, 'Age', 'AWS/SQS');

    expect(watch({ Right: right }).report().mismatches).toEqual([]);
    expect(watch({ Wrong: wrong }).report().mismatches).toEqual([
      'Wrong reads AWS/SQS Age of QueueName another, which does not exist',
    ]);
  });
});

describe('what the dashboard searches for', () => {
  const search = (schema: string) =>
    aDashboard(`SEARCH('{CareWindow,${schema}} stage="production" MetricName="CustomersCounted"', 'Sum')`);

  it.each([
    ['service,stage,channel', 0],
    ['stage,channel', 1],
  ])('by %s has %i mistakes', (schema, count) => {
    const metrics = watch({ Dashboard: search(schema) });
    metrics.take(anEmfLine({ ...SENT, channel: 'support' }, 'CustomersCounted'));

    expect(metrics.report().mismatches).toHaveLength(count);
  });
});
