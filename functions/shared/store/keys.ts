import { CustomerKey, parseCustomer } from '../domain/customer.ts';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

const SESSION = 'SESSION';
const CUSTOMER = 'CUSTOMER';
const CONSENT_PREFIX = 'CONSENT#';
const TEMPLATES_PREFIX = 'TEMPLATES#';
export const MESSAGE_PREFIX = 'MSG#';

const partition = (channel: string, customer: CustomerKey) => `CUSTOMER#${channel}#${customer}` as const;

export const sessionKey = (channel: string, customer: CustomerKey): ItemKey => ({
  pk: partition(channel, customer),
  sk: SESSION,
});

export const customerKey = (channel: string, customer: CustomerKey): ItemKey => ({
  pk: partition(channel, customer),
  sk: CUSTOMER,
});

/** A session that has ended. */
export const pastKey = (channel: string, customer: CustomerKey, openedAt: number): ItemKey => ({
  pk: partition(channel, customer),
  sk: `PAST#${String(openedAt).padStart(10, '0')}`,
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

/** The customer record and the changes of consent lie side by side: backwards from the record they come newest first. */
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

/** Messages of a customer sort by time, so that a thread is one query. */
export const messageKey = ({ channel, customer, atMs, id }: MessageName): ItemKey => ({
  pk: partition(channel, customer),
  sk: `${MESSAGE_PREFIX}${String(atMs).padStart(13, '0')}#${id}`,
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
  const of = parsePartition(pk);
  const [, atMs, id] = MESSAGE_SK.exec(sk) ?? [];
  return of === undefined || id === undefined ? undefined : { ...of, atMs: Number(atMs), id };
};

export type ItemName =
  | { readonly kind: 'session' | 'customer' | 'message'; readonly channel: string; readonly customer: CustomerKey }
  | { readonly kind: 'template'; readonly account: string };

/** What stands under a key, as far as its changes matter to others; `undefined` for the service's own notes. */
export const nameOfItem = ({ pk, sk }: ItemKey): ItemName | undefined => {
  if (pk.startsWith(TEMPLATES_PREFIX)) return { kind: 'template', account: pk.slice(TEMPLATES_PREFIX.length) };
  const of = parsePartition(pk);
  if (of === undefined) return undefined;
  if (sk === SESSION) return { kind: 'session', ...of };
  if (sk === CUSTOMER) return { kind: 'customer', ...of };
  return sk.startsWith(MESSAGE_PREFIX) ? { kind: 'message', ...of } : undefined;
};

/** The name of a message whose key we made ourselves. */
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

/** The way from the id of an outbound message to its record. */
export const sendKey = (id: string): ItemKey => ({ pk: `SEND#${id}`, sk: 'SEND' });

const DUE_SLOT_SECONDS = 300;
/**
 * Spreads one 5-minute slot of a channel over several index partitions, each good for 1,000 writes a second: a number
 * carries 1,000 messages a second at most, each at most two index writes.
 */
const DUE_SHARDS = 4;

const slotOf = (dueAt: number): number => Math.floor(dueAt / DUE_SLOT_SECONDS) * DUE_SLOT_SECONDS;

/** Spreads names evenly over that many shards, each always to the same one. */
export const shardOf = (text: string, shards: number): number => {
  let hash = 0;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return hash % shards;
};

export type DueKind = 'session' | 'send';

export interface Due {
  readonly kind: DueKind;
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Epoch seconds at which the item wants attention. */
  readonly dueAt: number;
}

/** The `byDue` partition of an item: it changes only when the 5-minute slot does. */
export const dueBucket = ({ kind, channel, customer, dueAt }: Due): string =>
  `${kind}#${channel}#${slotOf(dueAt)}#${shardOf(customer, DUE_SHARDS)}`;

export interface DueSpan {
  readonly kind: DueKind;
  readonly channel: string;
  /** Epoch seconds, both slots included. */
  readonly from: number;
  readonly to: number;
}

/** Every `byDue` partition in which an item of that span can stand, oldest first. */
export const dueBucketsBetween = ({ kind, channel, from, to }: DueSpan): readonly string[] => {
  const slots = Array.from(
    { length: Math.max(0, (slotOf(to) - slotOf(from)) / DUE_SLOT_SECONDS + 1) },
    (_, index) => slotOf(from) + index * DUE_SLOT_SECONDS,
  );
  const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => shard);
  return slots.flatMap((slot) => shards.map((shard) => `${kind}#${channel}#${slot}#${shard}`));
};

/** How much of a bucket's slot lies in a span, 0 to 1. */
export const shareOf = (bucket: string, { from, to }: Pick<DueSpan, 'from' | 'to'>): number => {
  const slot = Number(bucket.split('#')[2]);
  const seconds = Math.min(slot + DUE_SLOT_SECONDS - 1, to) - Math.max(slot, from) + 1;
  return Math.max(0, seconds) / DUE_SLOT_SECONDS;
};

/** A place in the order of the `byDue` index: after this customer, in the slot of that second. */
export type DuePlace = Pick<Due, 'customer' | 'dueAt'>;

/** How such a place is written. */
export const DUE_PLACE = /^(\d{10})#(\S{1,140})$/;

export const duePlace = ({ customer, dueAt }: DuePlace): string => `${dueAt}#${customer}`;

/** Reads {@link duePlace} back. */
export const placeOf = (text: string): DuePlace => {
  const [, dueAt, customer] = DUE_PLACE.exec(text) ?? [];
  if (customer === undefined) throw new Error('a place in the index names a second and a customer');
  return { dueAt: Number(dueAt), customer: CustomerKey.parse(customer) };
};

/** What a sweep looks for: sends that wait for an outcome, sessions whose end is near, sessions that have ended. */
export type SweepKind = 'send' | 'closing' | 'closed';

/** What stands under a sort key, by its first part. */
const KINDS = {
  [SESSION]: 'sessions',
  [CUSTOMER]: 'customers',
  CONSENT: 'consents',
  MSG: 'messages',
  PAST: 'pastSessions',
  SEND: 'claims',
} as const;
export type ItemKind = (typeof KINDS)[keyof typeof KINDS];
const KIND_OF = new Map<string, ItemKind>(Object.entries(KINDS));

/** What kind of item a key of a customer, or of a send, names. */
export const kindOf = (sk: string): ItemKind => {
  const kind = KIND_OF.get(sk.split('#', 1)[0] ?? '');
  if (kind === undefined) throw new Error('no item of a customer has such a sort key');
  return kind;
};

/** How far the sweep of a channel has come. */
export const sweepKey = (kind: SweepKind, channel: string): ItemKey => ({ pk: `SWEEP#${channel}`, sk: kind });

/** The form of every id that we give to a message of the business. */
export const isMessageId = (id: string): boolean => /^msg_[0-9A-Z]{26}$/.test(id);

const REFERENCE = /^cw1\.(\d{13})\.(msg_[0-9A-Z]{26})\.(.+)$/;

/** What travels with an outbound message to the provider and back: enough to find its record (R12). */
export const toReference = ({ atMs, id, customer }: Omit<MessageName, 'channel'>): string =>
  `cw1.${String(atMs).padStart(13, '0')}.${id}.${customer}`;

/** Reads a reference back; `undefined` for what others gave their messages to carry. */
export const parseReference = (reference: string): Omit<MessageName, 'channel'> | undefined => {
  const [, atMs, id, name] = REFERENCE.exec(reference) ?? [];
  const customer = name === undefined ? undefined : parseCustomer(name);
  return atMs === undefined || id === undefined || customer === undefined
    ? undefined
    : { atMs: Number(atMs), id, customer };
};
