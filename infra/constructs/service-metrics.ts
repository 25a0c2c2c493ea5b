import { Lazy } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import * as z from 'zod';
import type { MetricName } from '../../functions/shared/runtime/metric-catalogue.ts';
import { ALARM_PERIOD, METRIC_NAMESPACE } from './service-alarms.ts';

/** The context key under which a stack names its stage. */
export const STAGE_CONTEXT = 'carewindow:stage';

/** The stage of the stack in which a metric is read: resolved at synthesis, so that no alarm and no widget can omit it. */
export const STAGE: string = Lazy.uncachedString({
  produce: ({ scope }) => z.string().min(1).parse(scope.node.getContext(STAGE_CONTEXT)),
});

type Dimensions = Readonly<Record<string, string>>;

/** Metrics that are counted from the access log of the API. */
export type ApiMetricName = 'WebhookServerErrors' | 'ApiServerErrors' | 'WebhooksThrottled';

/** A metric of the service's namespace, as a sum over {@link ALARM_PERIOD}. */
const ownMetric = (metricName: string, dimensionsMap: Dimensions): Metric =>
  new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap, statistic: Stats.SUM, period: ALARM_PERIOD });

/** A metric that a function of this stage publishes, optionally with further dimensions. */
export const serviceMetric = (service: string, metricName: MetricName, by: Dimensions = {}): Metric =>
  ownMetric(metricName, { service, stage: STAGE, ...by });

/** A metric counted from the access log of an API, whose id is that of one stage alone. */
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

/** A metric of both functions that record what providers report: in webhooks, and in the events of numbers at AWS. */
export const inboundMetrics = (metricName: MetricName, by: Dimensions = {}) => ({
  webhooks: serviceMetric('inbound-webhook', metricName, by),
  events: serviceMetric('inbound-queue', metricName, by),
});
