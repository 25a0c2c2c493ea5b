import { type CustomerKey, parseCustomer } from '../domain/customer.ts';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

const SESSION = 'SESSION';
const CUSTOMER = 'CUSTOMER';
const CONSENT_PREFIX = 'CONSENT#';
const TEMPLATES_PREFIX = 'TEMPLATES#';
const MESSAGE_PREFIX = 'MSG#';
const UNPLACED_PREFIX = 'UNPLACED#';

const partition = (channel: string, customer: CustomerKey) => `CUSTOMER#${channel}#${customer}` as const;

export const sessionKey = (channel: string, customer: CustomerKey): ItemKey => ({
  pk: partition(channel, customer),
  sk: SESSION,
});

export const customerKey = (channel: string, customer: CustomerKey): ItemKey => ({
  pk: partition(channel, customer),
  sk: CUSTOMER,
});

/** The customer whose partition holds an item. */
export const customerKeyBeside = ({ pk }: ItemKey): ItemKey => ({ pk, sk: CUSTOMER });

/** A session that has ended. */
export interface PastSession {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly openedAt: number;
  readonly sessionId: string;
}

const PAST_PREFIX = 'PAST#';

/** The history of a session that has ended: two names of one customer may have opened sessions in the same second. */
export const historyKey = ({ channel, customer, openedAt, sessionId }: PastSession): ItemKey => ({
  pk: partition(channel, customer),
  sk: `${PAST_PREFIX}${String(openedAt).padStart(10, '0')}#${sessionId}`,
});

/** The sort keys of the sessions of a name that have ended. */
export const pastRange = (channel: string, customer: CustomerKey) => ({
  pk: partition(channel, customer),
  prefix: PAST_PREFIX,
});

export interface ConsentName {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Whole epoch seconds. */
  readonly at: number;
  readonly id: string;
}

/** Changes of consent sort by time. */
export const consentKey = ({ channel, customer, at, id }: ConsentName): ItemKey => ({
  pk: partition(channel, customer),
  sk: `${CONSENT_PREFIX}${String(at).padStart(10, '0')}#${id}`,
});

/** The sort keys of the customer record and the changes of consent: read backwards, the record, then the newest change. */
export const consentRange = (channel: string, customer: CustomerKey) => ({
  pk: partition(channel, customer),
  from: CONSENT_PREFIX,
  to: CUSTOMER,
});

export interface MessageName {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** The provider's raw time of an inbound message, ours of an outbound one; epoch milliseconds. */
  readonly atMs: number;
  readonly id: string;
}

const timeOf = (atMs: number): string => `${MESSAGE_PREFIX}${String(atMs).padStart(13, '0')}`;

/** Messages of a customer sort by time, so that a thread is one query. */
export const messageKey = ({ channel, customer, atMs, id }: MessageName): ItemKey => ({
  pk: partition(channel, customer),
  sk: `${timeOf(atMs)}#${id}`,
});

/** An item of a webhook that no customer can be found for; `at` is an ISO instant in UTC: logs hold the sort key. */
export const unplacedKey = (item: {
  readonly account: string;
  readonly at: string;
  readonly hash: string;
}): ItemKey => ({
  pk: `${UNPLACED_PREFIX}${item.account}#${item.at.slice(0, 10)}`,
  sk: `${item.at}#${item.hash}`,
});

/** Leads an erasure from the customer to an item of {@link unplacedKey}, whose sort key ends it. */
export const unplacedPointerKey = (channel: string, customer: CustomerKey, unplaced: ItemKey): ItemKey => ({
  pk: partition(channel, customer),
  sk: `${UNPLACED_PREFIX}${unplaced.sk}`,
});

/** The last millisecond of 13 digits. */
export const LAST_MS = 9_999_999_999_999;

/** The sort keys of a customer's messages, of both milliseconds and those between them (`$` follows `#`). */
export const messageRange = (
  channel: string,
  customer: CustomerKey,
  { fromMs = 0, untilMs = LAST_MS }: { readonly fromMs?: number | undefined; readonly untilMs?: number | undefined },
) => ({
  pk: partition(channel, customer),
  first: timeOf(fromMs),
  last: `${timeOf(untilMs)}$`,
});

const CUSTOMER_PK = /^CUSTOMER#([^#]+)#(.+)$/;
const MESSAGE_SK = /^MSG#(\d+)#(.+)$/;

const parsePartition = (pk: string): Pick<MessageName, 'channel' | 'customer'> | undefined => {
  const [, channel, name] = CUSTOMER_PK.exec(pk) ?? [];
  const customer = name === undefined ? undefined : parseCustomer(name);
  return channel === undefined || customer === undefined ? undefined : { channel, customer };
};

/** Reads {@link messageKey} back; `undefined` for the key of anything else. */
export const parseMessageKey = ({ pk, sk }: ItemKey): MessageName | undefined => {
  const owner = parsePartition(pk);
  const [, atMs, id] = MESSAGE_SK.exec(sk) ?? [];
  return owner === undefined || id === undefined ? undefined : { ...owner, atMs: Number(atMs), id };
};

export type ItemName =
  | { readonly kind: 'session' | 'customer' | 'message'; readonly channel: string; readonly customer: CustomerKey }
  | { readonly kind: 'template'; readonly account: string };

/** The item of a key whose changes are published; `undefined` for the service's own items. */
export const nameOfItem = ({ pk, sk }: ItemKey): ItemName | undefined => {
  if (pk.startsWith(TEMPLATES_PREFIX)) return { kind: 'template', account: pk.slice(TEMPLATES_PREFIX.length) };
  const owner = parsePartition(pk);
  if (owner === undefined) return undefined;
  if (sk === SESSION) return { kind: 'session', ...owner };
  if (sk === CUSTOMER) return { kind: 'customer', ...owner };
  return sk.startsWith(MESSAGE_PREFIX) ? { kind: 'message', ...owner } : undefined;
};

/**
 * The name in the key of a stored message.
 * @throws for the key of anything else
 */
export const messageNameOf = (key: ItemKey): MessageName => {
  const name = parseMessageKey(key);
  if (name === undefined) throw new Error('the key of a message names its customer and its time');
  return name;
};

/** The registry of an account's templates. */
export const templatesPartition = (account: string) => `${TEMPLATES_PREFIX}${account}` as const;

/** A template in one language; `language` with an underscore. */
export const templateKey = (account: string, name: string, language: string): ItemKey => ({
  pk: templatesPartition(account),
  sk: `${name}#${language}`,
});

/** The claim of an outbound message's id, which leads to its record. */
export const sendKey = (id: string): ItemKey => ({ pk: `SEND#${id}`, sk: 'SEND' });

/** The provider's own id of an uploaded file; names no customer. */
export const uploadedKey = (channel: string, upload: string): ItemKey => ({
  pk: `UPLOAD#${channel}#${upload}`,
  sk: 'UPLOAD',
});

/** Leads from the provider's id of a message to the claim of ours, where a status may come without our reference. */
export const pointerKey = (channel: string, providerMessageId: string): ItemKey => ({
  pk: `PROVIDER#${channel}#${providerMessageId}`,
  sk: 'PROVIDER',
});

interface ReferenceName {
  readonly channel: string;
  readonly clientReference: string;
  readonly id: string;
}

/** The messages that were sent with a reference of the caller. */
export const referencePartition = (channel: string, clientReference: string) =>
  `REF#${channel}#${clientReference}` as const;

/** Leads from a reference of the caller to the claim of a message. */
export const referenceKey = ({ channel, clientReference, id }: ReferenceName): ItemKey => ({
  pk: referencePartition(channel, clientReference),
  sk: id,
});

/** Marks the id of a session that was erased with its customer; names no customer. */
export const erasedSessionKey = (sessionId: string): ItemKey => ({ pk: `ERASED#${sessionId}`, sk: 'ERASED' });

/** Spreads names evenly over so many shards; a name always has the same one. */
export const shardOf = (text: string, shards: number): number => {
  let hash = 0;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return hash % shards;
};

/** Kinds of items by the first part of their sort key. */
const KINDS = {
  [SESSION]: 'sessions',
  [CUSTOMER]: 'customers',
  CONSENT: 'consents',
  MSG: 'messages',
  PAST: 'pastSessions',
  UNPLACED: 'unplaced',
  SEND: 'claims',
} as const;
export type ItemKind = (typeof KINDS)[keyof typeof KINDS];
const KIND_OF = new Map<string, ItemKind>(Object.entries(KINDS));

const TIMED_SK = /^(MSG|CONSENT|PAST)#(\d+)/;

/** The epoch second by which an item of a customer sorts; `undefined` for the customer and the session. */
export const secondOf = (sk: string): number | undefined => {
  const [, kind, time] = TIMED_SK.exec(sk) ?? [];
  if (time === undefined) return undefined;
  return kind === 'MSG' ? Math.floor(Number(time) / 1000) : Number(time);
};

/** The kind of an item of a customer, or of the claim of a send, by its sort key. */
export const kindOf = (sk: string): ItemKind => {
  const kind = KIND_OF.get(sk.split('#', 1)[0] ?? '');
  if (kind === undefined) throw new Error('no item of a customer has such a sort key');
  return kind;
};
