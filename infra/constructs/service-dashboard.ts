import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AlarmStatusWidget,
  AlarmStatusWidgetSortBy,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
  type Metric,
  Stats,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';
import { ALARM_PERIOD, METRIC_NAMESPACE, type ServiceAlarms } from './service-alarms.ts';
import { apiMetric, inboundMetrics, STAGE, serviceMetric, sumOf } from './service-metrics.ts';

interface ServiceDashboardProps {
  readonly alarms: ServiceAlarms;
  readonly api: HttpApi;
  readonly table: TableV2;
  /** Every function, by its label. */
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** The function that the table's stream invokes. */
  readonly stream: LambdaFunction;
  /** The log group of outbound-send. */
  readonly sendLogs: ILogGroup;
}

/** Three rows of this height, each under a title of height 1, fit on one screen. */
const HEIGHT = 5;
const WIDTH = 24;

const title = (question: string): IWidget =>
  new TextWidget({
    markdown: `## ${question}`,
    width: WIDTH,
    height: 1,
    background: TextWidgetBackground.TRANSPARENT,
  });

const graph = (title: string, width: number, props: GraphWidgetProps): IWidget =>
  new GraphWidget({ title, width, height: HEIGHT, leftYAxis: { min: 0 }, rightYAxis: { min: 0 }, ...props });

/** A label that shows the value of a dimension. */
const dimensionLabel = (dimension: string): string => `\${PROP('Dim.${dimension}')}`;

/** All metrics of the stage that match the term; a search also finds dimension values that appear later, such as a new channel. */
const search = (schema: string, term: string, label: string): MathExpression =>
  new MathExpression({
    expression: `SEARCH('{${METRIC_NAMESPACE},${schema}} stage="${STAGE}" ${term}', 'Sum')`,
    usingMetrics: {},
    label,
    period: ALARM_PERIOD,
  });

const perFunction = (functions: ServiceDashboardProps['functions'], toMetric: (of: LambdaFunction) => Metric) =>
  Object.entries(functions).map(([label, of]) => toMetric(of).with({ label }));

const healthWidgets = ({ alarms, api, functions, stream }: ServiceDashboardProps): readonly IWidget[] => {
  const worst = { statistic: Stats.MAXIMUM, period: ALARM_PERIOD };
  return [
    new AlarmStatusWidget({
      title: 'Alarms; each description names its section of docs/runbook.md',
      alarms: [...alarms.all],
      sortBy: AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
      width: 8,
      height: HEIGHT,
    }),
    graph('5xx responses', 4, {
      left: [
        apiMetric(api, 'WebhookServerErrors').with({ label: 'webhooks' }),
        apiMetric(api, 'ApiServerErrors').with({ label: 'API' }),
      ],
    }),
    graph('Lag in seconds', 4, {
      left: [
        serviceMetric('window-sweep', 'OldestInDoubtSeconds').with({ ...worst, label: 'oldest in doubt' }),
        serviceMetric('window-sweep', 'SweepLagSeconds').with({ ...worst, label: 'sweep' }),
        new MathExpression({
          expression: 'age / 1000',
          usingMetrics: { age: stream.metric('IteratorAge', worst) },
          label: 'stream',
          period: ALARM_PERIOD,
        }),
      ],
    }),
    graph('Function errors', 4, { left: perFunction(functions, (of) => of.metricErrors({ period: ALARM_PERIOD })) }),
    graph('Function duration, p99', 4, {
      left: perFunction(functions, (of) => of.metricDuration({ statistic: 'p99', period: ALARM_PERIOD })),
    }),
  ];
};

const usageWidgets = ({ sendLogs }: ServiceDashboardProps): readonly IWidget[] => [
  graph('Messages', 6, {
    left: [
      sumOf(inboundMetrics('MessagesReceived')).with({ label: 'received' }),
      serviceMetric('outbound-send', 'MessagesSent').with({ label: 'sent' }),
    ],
  }),
  graph('Sessions', 6, {
    left: [
      sumOf(inboundMetrics('SessionsOpened')).with({ label: 'opened' }),
      serviceMetric('window-sweep', 'SessionsClosed').with({ label: 'closed' }),
    ],
  }),
  new LogQueryWidget({
    title: 'Refused sends by code',
    logGroupNames: [sendLogs.logGroupName],
    queryLines: ['filter message = "outbound-send.refused"', 'stats count(*) as refused by code', 'sort refused desc'],
    view: LogQueryVisualizationType.TABLE,
    width: 6,
    height: HEIGHT,
  }),
  graph('New monthly active users', 6, {
    left: [search('channel,service,stage', 'MetricName="CustomersCounted"', dimensionLabel('channel'))],
    stacked: true,
  }),
];

/** The capacity units of the table and of its index, which CloudWatch reports separately. */
const consumedUnits = (table: TableV2, kind: 'Read' | 'Write'): MathExpression => {
  const dimensions = { TableName: table.tableName };
  const index = { ...dimensions, GlobalSecondaryIndexName: SESSIONS_TABLE.byDueAt.indexName };
  const ofItems = (dimensionsMap: Record<string, string>) =>
    table.metric(`Consumed${kind}CapacityUnits`, { dimensionsMap, statistic: Stats.SUM });
  return sumOf({ [`table${kind}`]: ofItems(dimensions), [`index${kind}`]: ofItems(index) });
};

/** What Lambda charges for all functions together; each has 1 GB of memory. */
const lambdaUsage = (functions: readonly LambdaFunction[]) => {
  const total = (id: string, toMetric: (of: LambdaFunction) => Metric) =>
    sumOf(Object.fromEntries(functions.map((of, index) => [`${id}${index}`, toMetric(of)])));
  const milliseconds = total('time', (of) => of.metricDuration({ statistic: Stats.SUM }));
  return {
    invocations: total('calls', (of) => of.metricInvocations()).with({ label: 'invocations' }),
    gigabyteSeconds: new MathExpression({
      expression: 'milliseconds / 1000',
      usingMetrics: { milliseconds },
      label: 'gigabyte seconds',
      period: ALARM_PERIOD,
    }),
  };
};

const costWidgets = ({ table, functions }: ServiceDashboardProps): readonly IWidget[] => {
  const { invocations, gigabyteSeconds } = lambdaUsage(Object.values(functions));
  const prices = 'category,service,stage,type';
  const priced = 'MetricName="MessagesPriced"';
  return [
    graph('Messages by price', 8, {
      left: [
        search(prices, `${priced} type="regular"`, `paid: ${dimensionLabel('category')}`),
        search(
          prices,
          `${priced} NOT type="regular"`,
          `free: ${dimensionLabel('category')}, ${dimensionLabel('type')}`,
        ),
      ],
      stacked: true,
    }),
    graph('DynamoDB: consumed capacity units', 6, {
      left: [
        consumedUnits(table, 'Read').with({ label: 'read' }),
        consumedUnits(table, 'Write').with({ label: 'write' }),
      ],
    }),
    graph('Lambda', 6, { left: [invocations], right: [gigabyteSeconds] }),
    graph('EventBridge: events published', 4, { left: [serviceMetric('change-stream', 'EventsPublished')] }),
  ];
};

/** Health, usage and cost of the service on one screen. */
export class ServiceDashboard extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: ServiceDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      widgets: [
        [title('Is it healthy?')],
        [...healthWidgets(props)],
        [title('Is it used?')],
        [...usageWidgets(props)],
        [title('What does it cost?')],
        [...costWidgets(props)],
      ],
    });
    this.dashboardName = dashboard.dashboardName;
  }
}
