import { type CustomerKey, parseCustomer } from '../domain/customer.ts';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

const SESSION = 'SESSION';
const CUSTOMER = 'CUSTOMER';
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

const MESSAGE_PK = /^CUSTOMER#([^#]+)#(.+)$/;

/** Whose thread a message stands in. */
export const parseMessageKey = ({ pk }: ItemKey): Pick<MessageName, 'channel' | 'customer'> | undefined => {
  const [, channel, name] = MESSAGE_PK.exec(pk) ?? [];
  const customer = name === undefined ? undefined : parseCustomer(name);
  return channel === undefined || customer === undefined ? undefined : { channel, customer };
};

/** The way from the id of an outbound message to its record. */
export const sendKey = (id: string): ItemKey => ({ pk: `SEND#${id}`, sk: 'SEND' });

const DUE_SLOT_SECONDS = 300;
/** Spreads one 5-minute slot of a channel over several index partitions, each good for 1,000 writes a second. */
const DUE_SHARDS = 8;

const shardOf = (text: string): number => {
  let hash = 0;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return hash % DUE_SHARDS;
};

export interface Due {
  readonly kind: 'session' | 'send';
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Epoch seconds at which the item wants attention. */
  readonly dueAt: number;
}

/** The `byDue` partition of an item: it changes only when the 5-minute slot does. */
export const dueBucket = ({ kind, channel, customer, dueAt }: Due): string =>
  `${kind}#${channel}#${Math.floor(dueAt / DUE_SLOT_SECONDS) * DUE_SLOT_SECONDS}#${shardOf(customer)}`;

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
