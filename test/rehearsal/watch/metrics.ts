import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';

/** The namespace of the service's own metrics. */
const OWN = 'CareWindow';

type Dimensions = Readonly<Record<string, string>>;

/** A metric that an alarm or the dashboard reads. */
interface Read {
  readonly by: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  /** A search finds metrics with these dimensions too, whatever their value. */
  readonly searched: readonly string[];
}

const Emf = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

const keyOf = (namespace: string, name: string, dimensions: Dimensions): string =>
  `${namespace} ${name} ${JSON.stringify(Object.entries(dimensions).sort(([one], [other]) => one.localeCompare(other)))}`;

const DimensionList = z
  .array(z.object({ Name: z.string(), Value: z.string() }))
  .default([])
  .transform((list): Dimensions => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])));

const Alarm = z.object({
  MetricName: z.string().optional(),
  Namespace: z.string().optional(),
  Dimensions: DimensionList,
  Metrics: z
    .array(
      z.object({
        MetricStat: z
          .object({ Metric: z.object({ MetricName: z.string(), Namespace: z.string(), Dimensions: DimensionList }) })
          .optional(),
      }),
    )
    .default([]),
});

const readsOfAlarms = (assembly: Assembly): readonly Read[] =>
  assembly.ofType('AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
    const { MetricName, Namespace = '', Dimensions, Metrics } = Alarm.parse(properties);
    const single = MetricName === undefined ? [] : [{ MetricName, Namespace, Dimensions }];
    const inMath = Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
    return [...single, ...inMath].map((metric) => ({
      by: id,
      namespace: metric.Namespace,
      name: metric.MetricName,
      dimensions: metric.Dimensions,
      searched: [],
    }));
  });

const Body = z.object({
  widgets: z.array(z.object({ properties: z.looseObject({ metrics: z.array(z.array(z.unknown())).default([]) }) })),
});

const SEARCH = /\{(?<namespace>\w+),(?<schema>[\w,]+)\} stage="(?<stage>[^"]+)" .*MetricName="(?<name>\w+)"/;

/** `["namespace", "name", "dimension", "value", …, {…}]`, or `[{ "expression": "SEARCH(…)" }]`. */
const readOfWidget = (metric: readonly unknown[]): readonly Read[] => {
  const texts = metric.filter((part) => typeof part === 'string');
  const [namespace, name, ...pairs] = texts;
  if (namespace !== undefined && name !== undefined) {
    const dimensions: Record<string, string> = {};
    for (let at = 0; at < pairs.length; at += 2) dimensions[pairs[at] ?? ''] = pairs[at + 1] ?? '';
    return [{ by: 'the dashboard', namespace, name, dimensions, searched: [] }];
  }
  const { expression } = z.object({ expression: z.string() }).parse(metric[0]);
  const found = SEARCH.exec(expression)?.groups;
  if (found === undefined) return [];
  const { namespace: searchedIn = '', schema = '', stage = '', name: wanted = '' } = found;
  const searched = schema.split(',').filter((dimension) => dimension !== 'stage');
  return [{ by: 'the dashboard', namespace: searchedIn, name: wanted, dimensions: { stage }, searched }];
};

const readsOfDashboards = (assembly: Assembly): readonly Read[] =>
  assembly
    .ofType('AWS::CloudWatch::Dashboard')
    .flatMap(({ properties }) => Body.parse(JSON.parse(z.string().parse(properties['DashboardBody']))).widgets)
    .flatMap(({ properties }) => properties.metrics.flatMap(readOfWidget));

const Filter = z.object({
  MetricTransformations: z.array(
    z.object({
      MetricName: z.string(),
      MetricNamespace: z.string(),
      Dimensions: z.array(z.object({ Key: z.literal('api'), Value: z.literal('$.apiId') })),
    }),
  ),
});

/** The metrics that CloudWatch counts from the access log, whose dimension is the id of the API. */
const countedFromLogs = (assembly: Assembly): readonly string[] => {
  const [api] = assembly.ofType('AWS::ApiGatewayV2::Api');
  const apiId = assembly.identity(api?.id ?? '').ref;
  return assembly
    .ofType('AWS::Logs::MetricFilter')
    .flatMap(({ properties }) => Filter.parse(properties).MetricTransformations)
    .map(({ MetricNamespace, MetricName }) => keyOf(MetricNamespace, MetricName, { api: apiId }));
};

/** The types of resources whose names are the values of a dimension of AWS's own metrics. */
const NAMED: Readonly<Record<string, readonly [type: string, attribute?: string]>> = {
  FunctionName: ['AWS::Lambda::Function'],
  QueueName: ['AWS::SQS::Queue', 'QueueName'],
  TableName: ['AWS::DynamoDB::GlobalTable'],
  ApiId: ['AWS::ApiGatewayV2::Api'],
  BucketName: ['AWS::S3::Bucket'],
  EventBusName: ['AWS::Events::EventBus'],
};

/** The dimensions of AWS's own metrics that name no resource of the template. */
const strangersIn = (assembly: Assembly, { by, namespace, name, dimensions }: Read): readonly string[] =>
  Object.entries(dimensions).flatMap(([dimension, value]) => {
    const [type, attribute] = NAMED[dimension] ?? [];
    if (type === undefined) return [];
    const names = assembly
      .ofType(type)
      .map(({ id }) => assembly.identity(id))
      .map(({ ref, attributes }) => (attribute === undefined ? ref : attributes[attribute]));
    return names.includes(value)
      ? []
      : [`${by} reads ${namespace} ${name} of ${dimension} ${value}, which does not exist`];
  });

export interface MetricReport {
  /** Metrics that an alarm or the dashboard reads by dimensions under which no function publishes them, or by a name of none. */
  readonly mismatches: readonly string[];
  /** Metrics that are read and that nothing published in the rehearsal. */
  readonly unpublished: readonly string[];
}

interface Published {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

const isOfSameService = (metric: Published, { name, dimensions }: Read): boolean =>
  metric.name === name &&
  (dimensions['service'] === undefined || metric.dimensions['service'] === dimensions['service']);

const namesOf = (dimensions: Dimensions, more: readonly string[] = []): string =>
  [...new Set([...Object.keys(dimensions), ...more])].sort().join();

/** The same names of dimensions, and the same stage: another class or channel is another metric of the same kind. */
const hasSameDimensions = (metric: Published, { dimensions, searched }: Read): boolean =>
  namesOf(metric.dimensions) === namesOf(dimensions, searched) && metric.dimensions['stage'] === dimensions['stage'];

const describe = ({ by, name, dimensions, searched }: Read): string =>
  `${by} reads ${name} by ${JSON.stringify(dimensions)}${searched.length > 0 ? ` and ${searched.join()}` : ''}`;

const describeShort = ({ name, dimensions: { stage: _, ...dimensions } }: Read): string =>
  [name, ...Object.values(dimensions)].join(' ');

/** Collects what functions publish, and compares it with what is read; `isInCode` finds a name in the functions' code. */
export const createMetricWatch = (assembly: Assembly, isInCode: (name: string) => boolean) => {
  const published: Published[] = [];
  const isSearched = (read: Read): boolean =>
    published.some((metric) => metric.name === read.name && hasSameDimensions(metric, read));
  return {
    /** Takes a line of a function's log; anything but a metric is left out. */
    take: (line: unknown): void => {
      const emf = Emf.safeParse(line);
      if (!emf.success) return;
      for (const { Namespace: namespace, Dimensions: sets, Metrics } of emf.data._aws.CloudWatchMetrics)
        for (const set of sets)
          for (const { Name: name } of Metrics) {
            const dimensions = Object.fromEntries(set.map((dimension) => [dimension, String(emf.data[dimension])]));
            published.push({ namespace, name, dimensions });
          }
    },
    report: (): MetricReport => {
      const reads = [...readsOfAlarms(assembly), ...readsOfDashboards(assembly)];
      const own = reads.filter(({ namespace }) => namespace === OWN);
      const known = new Set([
        ...countedFromLogs(assembly),
        ...published.map(({ namespace, name, dimensions }) => keyOf(namespace, name, dimensions)),
      ]);
      const isKnown = (read: Read): boolean =>
        read.searched.length > 0 ? isSearched(read) : known.has(keyOf(read.namespace, read.name, read.dimensions));
      const missing = own.filter((read) => !isKnown(read));
      const isPublished = (read: Read): boolean => published.some((metric) => isOfSameService(metric, read));
      const isElsewhere = (read: Read): boolean =>
        isPublished(read) &&
        !published.some((metric) => isOfSameService(metric, read) && hasSameDimensions(metric, read));
      return {
        mismatches: [
          ...missing.filter(isElsewhere).map(describe),
          ...missing.filter(({ name }) => !isInCode(name)).map((read) => `${describe(read)}, which no code publishes`),
          ...reads.filter(({ namespace }) => namespace !== OWN).flatMap((read) => strangersIn(assembly, read)),
        ],
        unpublished: [...new Set(missing.filter((read) => !isElsewhere(read)).map(describeShort))].sort(),
      };
    },
  };
};
