import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ALARM_PERIOD, METRIC_NAMESPACE } from './service-alarms.ts';

type Dimensions = Readonly<Record<string, string>>;

/** A metric of the service's own; the sum unless another statistic is asked for. */
const ownMetric = (metricName: string, dimensionsMap: Dimensions): Metric =>
  new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap, statistic: Stats.SUM, period: ALARM_PERIOD });

/** What a function counts or measures by itself. */
export const serviceMetric = (service: string, metricName: string, by: Dimensions = {}): Metric =>
  ownMetric(metricName, { service, ...by });

/** What is counted under that name of the calls of an API. */
export const apiMetric = (api: HttpApi, metricName: string): Metric => ownMetric(metricName, { api: api.apiId });

/** The sum of several metrics, of which some may be silent: without the zeros they would silence the others. */
export const sumOf = (metrics: Readonly<Record<string, IMetric>>): MathExpression =>
  new MathExpression({
    expression: `SUM([${Object.keys(metrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(', ')}])`,
    usingMetrics: { ...metrics },
    period: ALARM_PERIOD,
  });
