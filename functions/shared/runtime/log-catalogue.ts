/** The types that a field of a log line may have; `?` marks an optional one. */
interface FieldTypes {
  string: string;
  number: number;
  boolean: boolean;
  counts: Readonly<Record<string, number>>;
}
type FieldType = keyof FieldTypes | `${keyof FieldTypes}?`;

/**
 * Every line the service can log, by its code, with the fields it carries: the service's own ids, counts and codes, never a
 * phone number, a name, a message text, a token or a secret (R16).
 */
export const LOG_LINES = {
  'inbound-webhook.taken': {
    account: 'string',
    messages: 'number',
    echoes: 'number',
    statuses: 'number',
    consents: 'number',
    templates: 'number',
    ignored: 'number',
    malformed: 'number',
  },
  'inbound-webhook.status': {
    channel: 'string',
    messageId: 'string',
    status: 'string',
    provider: 'string?',
    class: 'string?',
  },
  /** `outcome`: `moved`, a name was taken from its previous owner; `outdated` or `too_many_names`, the names lead to no one else than before. */
  'inbound-webhook.names-contradict': { channel: 'string', requestId: 'string', outcome: 'string' },
  'inbound-webhook.signature-refused': { account: 'string', reason: 'string' },
  'inbound-webhook.verify-token-refused': { account: 'string' },
  /** `unplaced` is the sort key of what is kept; absent where no customer can have written it. */
  'inbound-webhook.malformed': { account: 'string', reason: 'string', unplaced: 'string?' },
  'inbound-webhook.quarantined': { account: 'string', reason: 'string', unplaced: 'string?' },
  'inbound-webhook.account-error': { account: 'string', provider: 'string', class: 'string' },
  'inbound-webhook.item-failed': { account: 'string', kind: 'string' },
  /** No event of AWS End User Messaging Social: it fails, and ends in the dead-letter queue. */
  'inbound-queue.unreadable': { queueMessageId: 'string' },
  /** An event of a business account that is not configured. */
  'inbound-queue.foreign': { queueMessageId: 'string' },
  'event-destination.done': { account: 'string', request: 'string' },
  'event-destination.failed': { account: 'string', request: 'string' },
  'outbound-send.sent': { channel: 'string', messageId: 'string', type: 'string' },
  'outbound-send.held': { channel: 'string', messageId: 'string', type: 'string' },
  'outbound-send.refused': { channel: 'string', code: 'string' },
  'outbound-send.rejected': { channel: 'string', messageId: 'string', provider: 'string', class: 'string' },
  'outbound-send.unavailable': { channel: 'string', messageId: 'string', provider: 'string' },
  'outbound-send.in-doubt': { channel: 'string', messageId: 'string', provider: 'string' },
  /** The function of the files did not answer in time. */
  'outbound-send.file-not-prepared': { channel: 'string' },
  'outbound-send.overtaken': { channel: 'string', messageId: 'string', type: 'string' },
  'outbound-send.look-failed': { channel: 'string', messageId: 'string' },
  'outbound-send.thread-failed': { channel: 'string', action: 'string', provider: 'string', class: 'string' },
  'outbound-send.read-failed': { channel: 'string', provider: 'string', class: 'string' },
  'outbound-send.outcome-unwritten': { channel: 'string', messageId: 'string', status: 'string' },
  /** `endpoint` is the endpoint's position among those of its channel, from 1: a URL may hold a key. */
  'event-delivery.delivered': { channel: 'string', eventId: 'string', endpoint: 'number', attempt: 'number' },
  /** `code` is `http_503`, or the error that prevented a response; `retryInSeconds` is absent after the last attempt. */
  'event-delivery.failed': {
    channel: 'string',
    eventId: 'string',
    endpoint: 'number',
    attempt: 'number',
    code: 'string',
    retryInSeconds: 'number?',
  },
  /** The outcome of the attempt could not be kept: the event is delivered, or retried, all the same. */
  'event-delivery.outcome-unwritten': { channel: 'string', eventId: 'string' },
  'event-delivery.dropped': { channel: 'string', eventId: 'string' },
  'event-delivery.unreadable': { queueMessageId: 'string' },
  /** `endpoints` is the number of endpoints that receive the event. */
  'event-delivery.not-routed': { eventId: 'string', endpoints: 'number', attempt: 'number' },
  'event-delivery.not-postponed': { queueMessageId: 'string' },
  'media.copied': { channel: 'string', bytes: 'number' },
  /** The provider's file will not be copied: `code` says why. */
  'media.not-copied': { channel: 'string', code: 'string' },
  /** The provider did not give the file now: the copy is tried again. */
  'media.unavailable': { channel: 'string', code: 'string' },
  'media.unreadable': { queueMessageId: 'string' },
  'media.failed': { queueMessageId: 'string' },
  /** An uploaded file could not be made what the provider takes. */
  'media.not-prepared': { channel: 'string' },
  'change-stream.published': { eventId: 'string', type: 'string', messageId: 'string?', requestId: 'string?' },
  /** The same, of the recipient in the provider's answer to a send. */
  'change-stream.names-contradict': { channel: 'string', messageId: 'string', outcome: 'string' },
  'change-stream.record-failed': { sequenceNumber: 'string' },
  'change-stream.record-dead-lettered': { sequenceNumber: 'string', reason: 'string' },
  'change-stream.usage-failed': { changes: 'number' },
  'window-sweep.done': { channels: 'number', sessions: 'number', sends: 'number' },
  'window-sweep.unreadable': { channel: 'string', kind: 'string' },
  'window-sweep.failed': {},
  'template-sync.synced': { account: 'string', listed: 'number', changed: 'number', removed: 'number' },
  'template-sync.refused': { account: 'string', provider: 'string', class: 'string' },
  'template-sync.failed': { account: 'string' },
  'sessions-api.consent-failed': { channel: 'string' },
  /** `owner` is the account, or for `part` `deliveries` the channel. */
  'secrets.stale': { owner: 'string', part: 'string' },
  'sessions-api.erased': { channel: 'string', done: 'boolean', removed: 'counts' },
  'http.failed': { route: 'string' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldType>>>>;

type Value<Type> = Type extends `${infer Base extends keyof FieldTypes}?`
  ? FieldTypes[Base]
  : Type extends keyof FieldTypes
    ? FieldTypes[Type]
    : never;

type Optional<Line> = { [Name in keyof Line]: Line[Name] extends `${string}?` ? Name : never }[keyof Line];

type Fields<Line> = {
  readonly [Name in Exclude<keyof Line, Optional<Line>>]: Value<Line[Name]>;
} & {
  readonly [Name in Optional<Line>]?: Value<Line[Name]>;
};

type LogLines = typeof LOG_LINES;
export type LogCode = keyof LogLines;

/** The fields of each log line. */
export type LogFields = {
  readonly [Code in LogCode]: keyof LogLines[Code] extends never
    ? Readonly<Record<string, never>>
    : Fields<LogLines[Code]>;
};
