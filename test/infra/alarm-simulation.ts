import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { Joined, resourcesOf } from './synthesize.ts';

const MetricOf = z.object({
  MetricName: z.string(),
  Namespace: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
});
const Query = z.object({
  Id: z.string(),
  Expression: z.string().optional(),
  ReturnData: z.boolean().default(true),
  MetricStat: z.object({ Metric: MetricOf, Period: z.int(), Stat: z.string() }).optional(),
});
const AlarmProperties = z.object({
  ComparisonOperator: z.enum(['GreaterThanOrEqualToThreshold', 'LessThanThreshold']),
  Threshold: z.number(),
  EvaluationPeriods: z.int(),
  DatapointsToAlarm: z.int().optional(),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']),
  Period: z.int().optional(),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  MetricName: z.string().optional(),
  Namespace: z.string().optional(),
  Dimensions: MetricOf.shape.Dimensions,
  Metrics: z.array(Query).optional(),
});
type AlarmProperties = z.infer<typeof AlarmProperties>;
type Query = z.infer<typeof Query>;

export type State = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** The data points of each minute, by `namespace/metric/service`; a minute without a metric has no data point of it. */
export type Minute = Readonly<Record<string, number>>;

type Point = number | undefined;

const nameOf = ({ Namespace, MetricName, Dimensions }: z.infer<typeof MetricOf>): string => {
  const service = Dimensions.find(({ Name }) => Name === 'service')?.Value;
  return [Namespace, MetricName, ...(typeof service === 'string' ? [service] : [])].join('/');
};

const aggregate = (points: readonly Point[], statistic: string): Point => {
  const values = points.filter((point) => point !== undefined);
  if (values.length === 0) return undefined;
  return statistic === 'Sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
};

/** Evaluates FILL, SUM, IF and arithmetic at one point; a metric without data at this point makes the result empty unless it is filled. */
const calculate = (expression: string, points: Readonly<Record<string, Point>>): Point => {
  const filled = expression.replaceAll(/FILL\((\w+), 0\)/g, (_, id: string) => String(points[id] ?? 0));
  const ids = [...filled.matchAll(/\b[a-z]\w*\b/g)].map(([id]) => id);
  if (ids.some((id) => points[id] === undefined)) return undefined;
  const numbers = filled.replaceAll(/\b[a-z]\w*\b/g, (id) => String(points[id]));
  const sum = /^SUM\(\[(.+)\]\)$/.exec(numbers)?.[1];
  if (sum !== undefined) return sum.split(',').reduce((total, part) => total + Number(part), 0);
  if (/^\d+$/.test(numbers)) return Number(numbers);
  const [, left, right, part, whole] =
    /^IF\((\d+) >= (\d+), 100 \* (\d+) \/ (\d+), 0\)$/.exec(numbers)?.map(Number) ?? [];
  if (left === undefined || right === undefined || part === undefined || whole === undefined)
    throw new Error(`the simulation cannot evaluate ${expression}`);
  return left >= right ? (100 * part) / whole : 0;
};

/** The metric of an alarm at each of its last periods, oldest first; FILL adds nothing to a metric without any data. */
const seriesOf = (alarm: AlarmProperties, minutes: readonly Minute[], length: number): readonly Point[] => {
  const series = (metric: string, period: number, statistic: string): readonly Point[] =>
    Array.from({ length }, (_, back) => {
      const end = minutes.length - (length - 1 - back) * (period / 60);
      return aggregate(
        minutes.slice(Math.max(0, end - period / 60), Math.max(0, end)).map((minute) => minute[metric]),
        statistic,
      );
    });
  const queries = alarm.Metrics;
  if (queries === undefined)
    return series(nameOf(MetricOf.parse(alarm)), alarm.Period ?? 300, alarm.Statistic ?? 'Maximum');
  const values = new Map<string, readonly Point[]>();
  const resolve = ({ Id, Expression, MetricStat }: Query): readonly Point[] => {
    const known = values.get(Id);
    if (known !== undefined) return known;
    const resolved =
      MetricStat === undefined
        ? calculateSeries(Expression ?? '')
        : series(nameOf(MetricStat.Metric), MetricStat.Period, MetricStat.Stat);
    values.set(Id, resolved);
    return resolved;
  };
  const calculateSeries = (expression: string): readonly Point[] => {
    const used = queries.filter(({ Id }) => new RegExp(`\\b${Id}\\b`).test(expression));
    const inputs = used.map((query) => [query.Id, resolve(query)] as const);
    if (inputs.every(([, points]) => points.every((point) => point === undefined)))
      return Array.from({ length }, () => undefined);
    return Array.from({ length }, (_, index) =>
      calculate(expression, Object.fromEntries(inputs.map(([id, points]) => [id, points[index]]))),
    );
  };
  const returned = queries.find(({ ReturnData }) => ReturnData);
  if (returned === undefined) throw new Error('one query of an alarm returns its data');
  return resolve(returned);
};

/** Periods that CloudWatch retrieves beyond those that it evaluates. */
const EXTRA_PERIODS = 2;

/**
 * The state of an alarm after these minutes, by the rules of the CloudWatch user guide, "Configuring how CloudWatch alarms
 * treat missing data": existing data points first, and as few filled ones as possible.
 */
const evaluate = (alarm: AlarmProperties, minutes: readonly Minute[], before: State): State => {
  const { EvaluationPeriods: periods, DatapointsToAlarm: needed = periods, Threshold, TreatMissingData } = alarm;
  const isBreaching = (value: number): boolean =>
    alarm.ComparisonOperator === 'LessThanThreshold' ? value < Threshold : value >= Threshold;
  const real = seriesOf(alarm, minutes, periods + EXTRA_PERIODS).filter((point) => point !== undefined);
  const missing = Math.max(0, periods - real.length);
  const breaching = real.slice(-periods).filter(isBreaching).length;
  if (missing === 0 || breaching >= needed || breaching + missing < needed) return breaching >= needed ? 'ALARM' : 'OK';
  switch (TreatMissingData) {
    case 'breaching':
      return 'ALARM';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return before;
    case 'missing':
      return real.length === 0 ? 'INSUFFICIENT_DATA' : before;
  }
};

/** A rule of a composite alarm as CDK renders it, with logical ids. */
const Rule = Joined.extend({
  'Fn::Join': z.tuple([
    z.string(),
    z.array(
      z.union([
        z.string(),
        z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }).transform((ref) => ref['Fn::GetAtt'][0]),
      ]),
    ),
  ]),
});

const ruleOf = (properties: Readonly<Record<string, unknown>>): string => {
  const [, parts] = Rule.parse(properties['AlarmRule'])['Fn::Join'];
  return parts.join('');
};

/** Whether a rule of ALARM("id"), OK("id"), AND, OR and brackets holds. */
const holds = (rule: string, stateOf: (id: string) => State): boolean => {
  let text = rule.replaceAll(/(ALARM|OK)\("(\w+)"\)/g, (_, state: State, id: string) =>
    stateOf(id) === state ? 'T' : 'F',
  );
  for (let before = ''; before !== text; ) {
    before = text;
    text = text
      .replaceAll(/\(([TF])\)/g, '$1')
      .replaceAll(/([TF]) AND ([TF])/g, (_, left, right) => (left === 'T' && right === 'T' ? 'T' : 'F'))
      .replaceAll(/\(([TF](?: OR [TF])+)\)/g, (_, parts: string) => (parts.includes('T') ? 'T' : 'F'));
  }
  if (text !== 'T' && text !== 'F') throw new Error(`the simulation cannot evaluate ${text}`);
  return text === 'T';
};

/** The rules of the composite alarms by logical id. */
export const compositeRules = (template: Template): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(resourcesOf(template, 'AWS::CloudWatch::CompositeAlarm')).map(([id, { Properties }]) => [
      id,
      ruleOf(Properties),
    ]),
  );

/** The active alarms, single and composite, after each minute, by logical id without its hash. */
export const simulate = (template: Template, minutes: readonly Minute[]): readonly (readonly string[])[] => {
  const alarms = Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm')).map(
    ([id, { Properties }]) => [id, AlarmProperties.parse(Properties)] as const,
  );
  const rules = Object.entries(compositeRules(template));
  const states = new Map<string, State>();
  const stateOf = (id: string): State => states.get(id) ?? 'INSUFFICIENT_DATA';
  return minutes.map((_, index) => {
    const until = minutes.slice(0, index + 1);
    for (const [id, alarm] of alarms) states.set(id, evaluate(alarm, until, stateOf(id)));
    for (const [id, rule] of rules) states.set(id, holds(rule, stateOf) ? 'ALARM' : 'OK');
    return [...states].filter(([, state]) => state === 'ALARM').map(([id]) => id.slice(0, -8));
  });
};
