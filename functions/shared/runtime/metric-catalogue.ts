/**
 * Every fact the service counts, with the dimensions it is counted by beside `service` and `stage`: few values each, since
 * every combination is a metric of its own that costs. Alarms and the dashboard read some of these names.
 */
const COUNTERS = {
  SignatureFailures: [],
  MessagesReceived: [],
  DuplicateMessages: [],
  /** Messages of other senders from the same number. */
  EchoesRecorded: [],
  SessionsOpened: [],
  SkewedTimestamps: [],
  /** Names that the provider reported to be one person's. */
  NamesLinked: [],
  /** Such reports that contradict an older or a newer one. */
  NamesContradicted: [],
  ConsentsChanged: [],
  TemplatesChanged: [],
  TemplatesUnknown: [],
  TemplateSyncFailures: [],
  StatusesMoved: [],
  StatusesUnknown: [],
  ItemsIgnored: [],
  ItemsMalformed: [],
  ItemsQuarantined: [],
  ItemsUnplaced: [],
  ItemsFailed: [],
  /** Errors of a whole account, outside any message. */
  AccountErrors: [],
  MessagesSent: [],
  /** Taken by the provider and kept back for now. */
  MessagesHeld: [],
  SendsRefused: [],
  SendsRejected: [],
  SendsUnavailable: [],
  SendsInDoubt: [],
  OutcomesUnwritten: [],
  ProviderDisagreements: [],
  SendsReplayed: [],
  SendsInDoubtOverdue: [],
  SessionsClosing: [],
  SessionsClosed: [],
  /** Stored items that the deployed version cannot parse. */
  ItemsUnreadable: [],
  EventsPublished: [],
  EventsRejected: [],
  RecordsDeadLettered: [],
  /** `class` is that of the error. */
  ProviderErrors: ['class'],
  TemplatesPaused: [],
  CustomersCounted: ['channel'],
  UsageThresholdsReached: [],
  /** `category` and `type` are those of the price. */
  MessagesPriced: ['category', 'type'],
  EventsDelivered: [],
  DeliveriesFailed: [],
  DeliveriesOverdue: [],
  DeliveriesDropped: [],
  /** Files of customers that were copied into the bucket. */
  FilesCopied: [],
  /** Files of customers that will not be copied. */
  FilesRefused: [],
  FilesRemoved: [],
  SecretsStale: [],
  /** Beats of the sweep that came through the stream: one a minute. */
  Beats: [],
  /** Beats of a stage that has run for a quarter of an hour or longer. */
  SettledBeats: [],
  /** New messages of customers that came through the stream. */
  CustomerMessages: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What the service measures at a moment, in seconds. */
const GAUGES = ['OldestInDoubtSeconds', 'SweepLagSeconds', 'TemplateSyncAgeSeconds'] as const;

export type CounterName = keyof typeof COUNTERS;
export type GaugeName = (typeof GAUGES)[number];
export type MetricName = CounterName | GaugeName;
export const METRIC_NAMES: readonly string[] = [...Object.keys(COUNTERS), ...GAUGES];

/** Counters whose zero is written too: an alarm on silence needs a data point for each period in which nothing came. */
export const ZERO_COUNTERS: ReadonlySet<CounterName> = new Set(['CustomerMessages']);

/** A value for each dimension of a counter. */
export type DimensionsOf<Name extends CounterName> = Readonly<Record<(typeof COUNTERS)[Name][number], string>>;
