import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi, HttpStageProps } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { FilterPattern, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { RunbookSection } from './runbook-sections.ts';
import { METRIC_NAMESPACE, type ServiceAlarms } from './service-alarms.ts';
import { apiMetric } from './service-metrics.ts';

/** Names no path, query, header or address: those can hold a phone number or a verify token (R16). */
const FORMAT = {
  requestId: '$context.requestId',
  requestTimeEpoch: '$context.requestTimeEpoch',
  apiId: '$context.apiId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  responseLength: '$context.responseLength',
  integrationStatus: '$context.integrationStatus',
  integrationError: '$context.integrationErrorMessage',
  gatewayError: '$context.error.responseType',
};

interface ServerErrorCondition {
  readonly api: HttpApi;
  /** Metric in which the answers are counted. */
  readonly metricName: string;
  /** Where the paths of the watched routes begin, e.g. `/webhooks/`. */
  readonly below: string;
  readonly threshold: number;
  readonly impact: string;
  readonly runbook: RunbookSection;
}

/** One JSON line per call of the API, and the alarms on what they say. */
export class AccessLog extends Construct {
  readonly settings: NonNullable<HttpStageProps['accessLogSettings']>;
  private readonly logGroup: LogGroup;
  private readonly alarms: ServiceAlarms;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly retention: RetentionDays; readonly alarms: ServiceAlarms },
  ) {
    super(scope, id);
    this.alarms = props.alarms;
    this.logGroup = new LogGroup(this, 'Logs', { retention: props.retention });
    this.settings = {
      destination: new LogGroupLogDestination(this.logGroup),
      format: AccessLogFormat.custom(JSON.stringify(FORMAT)),
    };
  }

  /**
   * Raises an alarm on answers 5xx, whoever gave them: the function, or API Gateway in its place.
   * Counted from the log, since AWS's pages disagree on the dimensions of API Gateway's own metrics per route.
   */
  addServerErrorAlarm({ api, metricName, below, ...condition }: ServerErrorCondition): void {
    this.logGroup.addMetricFilter(metricName, {
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.routeKey', '=', `*${below}*`),
        FilterPattern.stringValue('$.status', '=', '5*'),
      ),
      metricNamespace: METRIC_NAMESPACE,
      metricName,
      dimensions: { api: '$.apiId' },
    });
    this.alarms.addAlarm(this, `${metricName}Alarm`, {
      metric: apiMetric(api, metricName),
      ...condition,
    });
  }
}
