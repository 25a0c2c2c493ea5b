import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/**
 * Every line the service can log, with the facts it carries: ids of ours, counts and codes, never a
 * phone number, a name, a text, a token or a secret (R16).
 */
export interface LogLines {
  'inbound-webhook.taken': {
    account: string;
    messages: number;
    statuses: number;
    consents: number;
    templates: number;
    ignored: number;
    malformed: number;
  };
  'inbound-webhook.status': { channel: string; messageId: string; status: string; provider?: string; class?: string };
  'inbound-webhook.signature-refused': { account: string; reason: string };
  'inbound-webhook.verify-token-refused': { account: string };
  'inbound-webhook.malformed': { account: string; reason: string };
  'inbound-webhook.quarantined': { account: string; reason: string };
  'inbound-webhook.account-error': { account: string };
  'inbound-webhook.item-failed': { account: string; kind: string };
  'outbound-send.sent': { channel: string; messageId: string; type: string };
  'outbound-send.refused': { channel: string; code: string };
  'outbound-send.rejected': { channel: string; messageId: string; provider: string; class: string };
  'outbound-send.unavailable': { channel: string; messageId: string; provider: string };
  'outbound-send.in-doubt': { channel: string; messageId: string; provider: string };
  'outbound-send.overtaken': { channel: string; messageId: string; type: string };
  'outbound-send.look-failed': { channel: string; messageId: string };
  'outbound-send.outcome-unwritten': { channel: string; messageId: string; status: string };
  /** `endpoint` is the number of the delivery in its channel, from 1: a URL can hold a key. */
  'event-delivery.delivered': { channel: string; eventId: string; endpoint: number; attempt: number };
  'event-delivery.failed': {
    channel: string;
    eventId: string;
    endpoint: number;
    attempt: number;
    /** `http_503`, or what was in the way of an answer. */
    code: string;
    /** Absent after the last attempt. */
    retryInSeconds?: number;
  };
  'event-delivery.dropped': { channel: string; eventId: string };
  'event-delivery.unreadable': { queueMessageId: string };
  'event-delivery.not-postponed': { queueMessageId: string };
  'change-stream.published': { eventId: string; type: string; messageId?: string; requestId?: string };
  'change-stream.record-failed': { sequenceNumber: string };
  'change-stream.usage-failed': { changes: number };
  'window-sweep.done': { channels: number; sessions: number; sends: number };
  'window-sweep.failed': Record<string, never>;
  'template-sync.synced': { account: string; listed: number; changed: number; removed: number };
  'template-sync.refused': { account: string; provider: string; class: string };
  'template-sync.failed': { account: string };
  'sessions-api.erased': { channel: string; done: boolean; removed: Readonly<Record<string, number>> };
  'http.failed': { route: string };
}
export type LogCode = keyof LogLines;

/** Everything the service counts; the alarms read some of these names. */
export type MetricName =
  | 'SignatureFailures'
  | 'MessagesReceived'
  | 'DuplicateMessages'
  | 'SessionsOpened'
  | 'SkewedTimestamps'
  | 'ConsentsChanged'
  | 'TemplatesChanged'
  | 'TemplatesUnknown'
  | 'TemplateSyncFailures'
  | 'StatusesMoved'
  | 'StatusesUnknown'
  | 'ItemsIgnored'
  | 'ItemsMalformed'
  | 'ItemsQuarantined'
  | 'ItemsFailed'
  | 'MessagesSent'
  | 'SendsRefused'
  | 'SendsRejected'
  | 'SendsUnavailable'
  | 'SendsInDoubt'
  | 'OutcomesUnwritten'
  | 'ProviderDisagreements'
  | 'SendsReplayed'
  | 'SendsInDoubtOverdue'
  | 'SessionsClosing'
  | 'SessionsClosed'
  | 'EventsPublished'
  | 'EventsRejected'
  /** By `class` of the error. */
  | 'ProviderErrors'
  | 'TemplatesPaused'
  /** By `channel`. */
  | 'CustomersCounted'
  | 'UsageThresholdsReached'
  /** By `category` and `type` of the price. */
  | 'MessagesPriced'
  | 'EventsDelivered'
  | 'DeliveriesFailed'
  | 'DeliveriesOverdue'
  | 'DeliveriesDropped';

/** What the service measures as it stands. */
export type GaugeName = 'OldestInDoubtSeconds' | 'SweepLagSeconds';

/** Structured log lines and metrics of one Lambda. */
export interface Log {
  /** Starts a request: later lines carry its id. */
  readonly begin: (requestId: string) => void;
  readonly info: <Code extends LogCode>(code: Code, fields: LogLines[Code]) => void;
  readonly warn: <Code extends LogCode>(code: Code, fields: LogLines[Code]) => void;
  /** Logs a fault by its kind and place; its message may hold what the customer wrote, so it stays out (R16). */
  readonly error: <Code extends LogCode>(code: Code, fields: LogLines[Code], fault: unknown) => void;
  /** Counts under the service; `by` are further dimensions, of few values each, since every combination is a metric that costs. */
  readonly count: (metric: MetricName, value?: number, by?: Readonly<Record<string, string>>) => void;
  /** Measures something in seconds as it stands now. */
  readonly gauge: (metric: GaugeName, seconds: number) => void;
  /** Ends a request: hands its metrics over. */
  readonly end: () => void;
}

/** What a log says of a fault: its kind and place, never its message. */
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

/** Metrics share a line only with those of the same dimensions, hence one of its own. */
const metricsBy = (metrics: Metrics, by: Readonly<Record<string, string>>): Metrics => {
  const single = metrics.singleMetric();
  for (const [dimension, value] of Object.entries(by)) single.addDimension(dimension, value);
  return single;
};

/** Logs as JSON and counts as CloudWatch embedded metrics, namespace `CareWindow`, dimension `service`. */
export const createLog = (service: string): Log => {
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ namespace: 'CareWindow', serviceName: service });
  return {
    begin: (requestId) => logger.appendKeys({ requestId }),
    info: (code, fields) => logger.info(code, { ...fields }),
    warn: (code, fields) => logger.warn(code, { ...fields }),
    error: (code, fields, fault) => logger.error(code, { ...fields, ...describeFault(fault) }),
    count: (metric, value = 1, by) => {
      const counted = by === undefined ? metrics : metricsBy(metrics, by);
      if (value > 0) counted.addMetric(metric, MetricUnit.Count, value);
    },
    gauge: (metric, seconds) => {
      metrics.addMetric(metric, MetricUnit.Seconds, seconds);
    },
    end: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
};
