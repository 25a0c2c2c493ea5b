import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../functions/shared/runtime/metric-catalogue.ts';
import { ALARM_PERIOD, METRIC_NAMESPACE } from './service-alarms.ts';

type Dimensions = Readonly<Record<string, string>>;

/** Metrics that are counted from the access log of the API. */
export type ApiMetricName = 'WebhookServerErrors' | 'ApiServerErrors';

/** A metric of the service's namespace, as a sum over {@link ALARM_PERIOD}. */
const ownMetric = (metricName: string, dimensionsMap: Dimensions): Metric =>
  new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap, statistic: Stats.SUM, period: ALARM_PERIOD });

/** A metric that a function publishes, optionally with further dimensions. */
export const serviceMetric = (service: string, metricName: MetricName, by: Dimensions = {}): Metric =>
  ownMetric(metricName, { service, ...by });

/** A metric counted from the access log of an API. */
export const apiMetric = (api: HttpApi, metricName: ApiMetricName): Metric => ownMetric(metricName, { api: api.apiId });

/** The sum of several metrics; a metric without data counts as zero, since otherwise the sum would have no data either. */
export const sumOf = (metrics: Readonly<Record<string, IMetric>>): MathExpression =>
  new MathExpression({
    expression: `SUM([${Object.keys(metrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(', ')}])`,
    usingMetrics: { ...metrics },
    period: ALARM_PERIOD,
  });
