import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { METRIC_NAMES } from '../../functions/shared/runtime/metric-catalogue.ts';
import { propertiesOf, resourcesOf, synthesize } from './synthesize.ts';

const Body = z.object({
  widgets: z.array(
    z.object({
      type: z.enum(['text', 'alarm', 'metric', 'log']),
      x: z.int(),
      y: z.int(),
      width: z.int(),
      height: z.int(),
      properties: z.looseObject({
        markdown: z.string().optional(),
        title: z.string().optional(),
        alarms: z.array(z.string()).optional(),
        query: z.string().optional(),
        metrics: z.array(z.array(z.unknown())).optional(),
      }),
    }),
  ),
});
type Widget = z.infer<typeof Body>['widgets'][number];

const Name = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform(({ 'Fn::GetAtt': [id] }) => id),
]);
const Text = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.union([z.string(), Name]))]) });

/** The namespace and name of a metric, or those that an expression searches for. */
const namesIn = (metric: readonly unknown[]): readonly string[] => {
  const [first, name] = metric;
  if (typeof first === 'string') return [`${first} ${String(name)}`];
  const { expression } = z.object({ expression: z.string() }).parse(first);
  const searched = /\{(\w+),.*?MetricName="(\w+)"/.exec(expression);
  return searched === null ? [] : [`${searched[1]} ${searched[2]}`];
};

const metricsOf = ({ properties }: Widget): readonly string[] => (properties.metrics ?? []).flatMap(namesIn);

describe('the dashboard', () => {
  let template: Template;
  let widgets: readonly Widget[];
  beforeAll(() => {
    template = synthesize();
    const [separator, parts] = Text.parse(
      propertiesOf(template, 'AWS::CloudWatch::Dashboard', 'Dashboard')['DashboardBody'],
    )['Fn::Join'];
    ({ widgets } = Body.parse(JSON.parse(parts.join(separator))));
  });

  const rows = () => {
    const titles = widgets.filter(({ type }) => type === 'text');
    return titles.map(({ properties, y }, index) => {
      const next = titles[index + 1]?.y ?? Number.POSITIVE_INFINITY;
      return {
        question: properties.markdown,
        widgets: widgets.filter((widget) => widget.y > y && widget.y < next),
      };
    });
  };
  const rowOf = (question: string) => rows().find((row) => row.question === `## ${question}`)?.widgets ?? [];

  it('answers three questions in three rows', () => {
    expect(rows().map(({ question }) => question)).toEqual([
      '## Is it healthy?',
      '## Is it used?',
      '## What does it cost?',
    ]);
  });

  it('fits on one screen: each row fills its width, and all of them are 18 units high', () => {
    for (const { widgets: row } of rows()) {
      expect(row.reduce((sum, { width }) => sum + width, 0)).toBe(24);
      expect(new Set(row.map(({ y }) => y)).size).toBe(1);
    }
    expect(Math.max(...widgets.map(({ y, height }) => y + height))).toBe(18);
  });

  it('shows the state of every alarm', () => {
    const shown = rowOf('Is it healthy?').flatMap(({ properties }) => properties.alarms ?? []);

    expect(new Set(shown)).toEqual(new Set(Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm'))));
  });

  it.each([
    [
      'Is it healthy?',
      [
        'CareWindow WebhookServerErrors',
        'CareWindow ApiServerErrors',
        'CareWindow OldestInDoubtSeconds',
        'CareWindow SweepLagSeconds',
        'AWS/Lambda IteratorAge',
        'AWS/Lambda Errors',
        'AWS/Lambda Duration',
      ],
    ],
    [
      'Is it used?',
      [
        'CareWindow MessagesReceived',
        'CareWindow MessagesSent',
        'CareWindow SessionsOpened',
        'CareWindow SessionsClosed',
        'CareWindow CustomersCounted',
      ],
    ],
    [
      'What does it cost?',
      [
        'CareWindow MessagesPriced',
        'AWS/DynamoDB ConsumedReadCapacityUnits',
        'AWS/DynamoDB ConsumedWriteCapacityUnits',
        'AWS/Lambda Invocations',
        'AWS/Lambda Duration',
        'CareWindow EventsPublished',
      ],
    ],
  ])('answers "%s" with exactly the metrics that it needs', (question, names) => {
    expect(new Set(rowOf(question).flatMap(metricsOf))).toEqual(new Set(names));
  });

  it('shows every function of the stack', () => {
    const functions = Object.keys(resourcesOf(template, 'AWS::Lambda::Function'));
    const withDimension = (name: string) =>
      widgets
        .flatMap(({ properties }) => properties.metrics ?? [])
        .filter(([namespace, metric]) => namespace === 'AWS/Lambda' && metric === name)
        .map(([, , , value]) => value);

    for (const name of ['Errors', 'Invocations', 'Duration'])
      expect(new Set(withDimension(name))).toEqual(new Set(functions));
  });

  it('counts refused sends by their code, from the log of the function that refuses them', () => {
    const [logs] = Object.keys(resourcesOf(template, 'AWS::Logs::LogGroup')).filter((id) =>
      id.startsWith('OutboundSend'),
    );

    expect(rowOf('Is it used?').map(({ properties }) => properties.query)).toContainEqual(
      `SOURCE '${logs}' | filter message = "outbound-send.refused"\n| stats count(*) as refused by code\n| sort refused desc`,
    );
  });

  it('separates paid from free messages', () => {
    const searches = rowOf('What does it cost?')
      .flatMap(({ properties }) => properties.metrics ?? [])
      .flatMap(([first]) => z.object({ expression: z.string(), label: z.string() }).safeParse(first).data ?? [])
      .filter(({ expression }) => expression.includes('MessagesPriced'));

    expect(searches).toMatchObject([
      { expression: expect.stringContaining(' type="regular"'), label: expect.stringMatching(/^paid: /) },
      { expression: expect.stringContaining(' NOT type="regular"'), label: expect.stringMatching(/^free: /) },
    ]);
  });

  it('has its name among the outputs', () => {
    expect(Object.keys(template.findOutputs('DashboardName'))).toHaveLength(1);
  });
});

describe('a metric of the service that an alarm or the dashboard reads', () => {
  it('is published by a function or counted from the access log', () => {
    const template = synthesize();
    const text = JSON.stringify(template.toJSON()).replaceAll('\\', '');
    const read = [
      ...text.matchAll(/\["CareWindow","(\w+)"/g),
      ...text.matchAll(/\{CareWindow,[\w,]+,stage[\w,]*\} stage="test" MetricName="(\w+)"/g),
      ...text.matchAll(/"MetricName":"(\w+)","Namespace":"CareWindow"/g),
    ].map(([, name]) => name);
    const filtered = [...text.matchAll(/"MetricName":"(\w+)","MetricNamespace":"CareWindow"/g)].map(([, name]) => name);

    expect(read.length).toBeGreaterThan(30);
    expect(filtered).toHaveLength(3);
    for (const name of read) expect([...METRIC_NAMES, ...filtered]).toContain(name);
  });
});
