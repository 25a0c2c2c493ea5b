import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LogCode, LogFields } from './log-catalogue.ts';
import { type CounterName, type DimensionsOf, type GaugeName, ZERO_COUNTERS } from './metric-catalogue.ts';

/** The dimensions of a counter are required exactly where the catalogue has some. */
type CountArguments<Name extends CounterName> = [keyof DimensionsOf<Name>] extends [never]
  ? [value?: number]
  : [value: number, dimensions: DimensionsOf<Name>];

/** Structured log lines and metrics of one Lambda. */
export interface Log {
  /** Starts a request: its later lines carry its id. */
  readonly begin: (requestId: string) => void;
  readonly info: <Code extends LogCode>(code: Code, fields: LogFields[Code]) => void;
  readonly warn: <Code extends LogCode>(code: Code, fields: LogFields[Code]) => void;
  /** Logs the name and the stack frames of a fault; its message may quote a customer, so it is left out (R16). */
  readonly error: <Code extends LogCode>(code: Code, fields: LogFields[Code], fault: unknown) => void;
  /** Adds to a counter of the service; 1 unless a value is given. Zero is written for the counters of `ZERO_COUNTERS` alone. */
  readonly count: <Name extends CounterName>(metric: Name, ...args: CountArguments<Name>) => void;
  /** Records a value measured now. */
  readonly gauge: (metric: GaugeName, seconds: number) => void;
  /** Ends a request: writes its metrics. */
  readonly end: () => void;
}

/** The loggable part of a fault: its name and stack frames, never its message (R16). */
export const describeFault = (fault: unknown): { error: string; at: readonly string[]; cause?: string } => {
  if (!(fault instanceof Error)) return { error: typeof fault, at: [] };
  const frames = (fault.stack ?? '')
    .replace(fault.message, '')
    .split('\n')
    .filter((line) => line.startsWith('    at '));
  return {
    error: fault.name,
    at: frames.slice(0, 8).map((line) => line.trim()),
    ...(fault.cause instanceof Error ? { cause: fault.cause.name } : {}),
  };
};

type Dimensions = Readonly<Record<string, string>>;

/** A metric with its own dimensions is written in a line of its own: all metrics of a line share their dimensions. */
const metricsBy = (metrics: Metrics, dimensions: Dimensions): Metrics => {
  const single = metrics.singleMetric();
  for (const [dimension, value] of Object.entries(dimensions)) single.addDimension(dimension, value);
  return single;
};

/**
 * Writes log lines as JSON and metrics in CloudWatch embedded metric format: namespace `CareWindow`, dimensions `service`
 * and `stage`, so that the stages of an account are counted apart.
 */
export const createLog = (service: string, stage: string): Log => {
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ namespace: 'CareWindow', serviceName: service, defaultDimensions: { stage } });
  const count = (metric: CounterName, value = 1, dimensions?: Dimensions): void => {
    const target = dimensions === undefined ? metrics : metricsBy(metrics, dimensions);
    if (value > 0 || ZERO_COUNTERS.has(metric)) target.addMetric(metric, MetricUnit.Count, value);
  };
  return {
    begin: (requestId) => logger.appendKeys({ requestId }),
    info: (code, fields) => logger.info(code, { ...fields }),
    warn: (code, fields) => logger.warn(code, { ...fields }),
    error: (code, fields, fault) => logger.error(code, { ...fields, ...describeFault(fault) }),
    count,
    gauge: (metric, seconds) => {
      metrics.addMetric(metric, MetricUnit.Seconds, seconds);
    },
    end: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
};
