import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ALARM_PERIOD, METRIC_NAMESPACE } from './service-alarms.ts';

/** What a function counts or measures by itself; the sum unless another statistic is asked for. */
export const measureOf = (service: string, metricName: string, by: Readonly<Record<string, string>> = {}): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { service, ...by },
    statistic: Stats.SUM,
    period: ALARM_PERIOD,
  });

/** The sum of several metrics, of which some may be silent: without the zeros they would silence the others. */
export const sumOf = (metrics: Readonly<Record<string, IMetric>>): MathExpression =>
  new MathExpression({
    expression: `SUM([${Object.keys(metrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(', ')}])`,
    usingMetrics: { ...metrics },
    period: ALARM_PERIOD,
  });
