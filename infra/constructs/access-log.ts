import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi, HttpStageProps } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { FilterPattern, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { RunbookSection } from './runbook-sections.ts';
import { METRIC_NAMESPACE, type ServiceAlarms } from './service-alarms.ts';
import { type ApiMetricName, apiMetric } from './service-metrics.ts';

/** Holds no path, query, header or address, since those can contain a phone number or a verify token (R16). */
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

interface ResponseCondition {
  readonly api: HttpApi;
  /** The statuses that are counted: one, or a class. */
  readonly status: '429' | '5*';
  /** The metric that counts the responses. */
  readonly metricName: ApiMetricName;
  /** The prefix of the routes' paths, e.g. `/webhooks/`. */
  readonly pathPrefix: string;
  readonly threshold: number;
  readonly impact: string;
  readonly runbook: RunbookSection;
}

/** The access log of the API, one JSON line per call, and the alarms on metrics counted from it. */
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
   * Adds an alarm on responses with such a status, whether the function or API Gateway produced them.
   * They are counted from the log because the AWS documentation contradicts itself on API Gateway's metrics per route.
   */
  addResponseAlarm({ api, status, metricName, pathPrefix, ...condition }: ResponseCondition): void {
    this.logGroup.addMetricFilter(metricName, {
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.routeKey', '=', `*${pathPrefix}*`),
        FilterPattern.stringValue('$.status', '=', status),
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
