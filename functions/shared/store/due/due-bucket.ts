import { CustomerKey } from '../../domain/customer.ts';
import { type ItemKey, shardOf } from '../keys.ts';

const BUCKET_SECONDS = 300;
/**
 * Spreads the 5 minutes of a channel over several index partitions, each good for 1,000 writes a second: a number
 * carries 1,000 messages a second at most, each at most two index writes.
 */
const SHARDS = 4;

const bucketStart = (dueAt: number): number => Math.floor(dueAt / BUCKET_SECONDS) * BUCKET_SECONDS;

export type DueKind = 'session' | 'send';

/** An item of the `byDue` index. */
export interface DueItem {
  readonly kind: DueKind;
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Epoch seconds from which the item needs work. */
  readonly dueAt: number;
}

const bucketAt = ({ kind, channel }: Pick<DueItem, 'kind' | 'channel'>, start: number, shard: number): string =>
  `${kind}#${channel}#${start}#${shard}`;

/** The `byDue` partition of an item; constant for 5 minutes, so that most updates leave the index alone. */
export const dueBucket = (item: DueItem): string =>
  bucketAt(item, bucketStart(item.dueAt), shardOf(item.customer, SHARDS));

/** What a `byDue` partition is for, and the epoch seconds from which until before which its items are due. */
export interface DueBucket {
  readonly kind: string;
  readonly channel: string;
  readonly from: number;
  readonly until: number;
}

/** Reads the name of a `byDue` partition. */
export const parseDueBucket = (bucket: string): DueBucket => {
  const [kind = '', channel = '', start] = bucket.split('#');
  const from = Number(start);
  return { kind, channel, from, until: from + BUCKET_SECONDS };
};

export interface DueSpan {
  readonly kind: DueKind;
  readonly channel: string;
  /** Epoch seconds, both included. */
  readonly from: number;
  readonly to: number;
}

/** Every `byDue` partition that can hold an item of the span, oldest first. */
export const dueBucketsBetween = (span: DueSpan): readonly string[] => {
  const first = bucketStart(span.from);
  const count = Math.max(0, (bucketStart(span.to) - first) / BUCKET_SECONDS + 1);
  const starts = Array.from({ length: count }, (_, index) => first + index * BUCKET_SECONDS);
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
  return starts.flatMap((start) => shards.map((shard) => bucketAt(span, start, shard)));
};

/** The share of a bucket's 5 minutes that is within a span, 0 to 1. */
export const shareOf = (bucket: string, { from, to }: Pick<DueSpan, 'from' | 'to'>): number => {
  const { from: start, until } = parseDueBucket(bucket);
  const seconds = Math.min(until - 1, to) - Math.max(start, from) + 1;
  return Math.max(0, seconds) / BUCKET_SECONDS;
};

/** A position in the order of the `byDue` index: after this customer, in the bucket of that second. */
export type DuePlace = Pick<DueItem, 'customer' | 'dueAt'>;

/** The text form of a {@link DuePlace}. */
export const DUE_PLACE = /^(\d{10})#(\S{1,257})$/;

export const duePlace = ({ customer, dueAt }: DuePlace): string => `${dueAt}#${customer}`;

/** Reads {@link duePlace} back. */
export const parseDuePlace = (text: string): DuePlace => {
  const [, dueAt, customer] = DUE_PLACE.exec(text) ?? [];
  if (customer === undefined) throw new Error('a place in the due index names a second and a customer');
  return { dueAt: Number(dueAt), customer: CustomerKey.parse(customer) };
};

/** What a sweep finds: sends without an outcome, sessions that end soon, sessions that have ended. */
export type SweepKind = 'send' | 'closing' | 'closed';

/** The item that holds how far a channel has been swept. */
export const sweepKey = (kind: SweepKind, channel: string): ItemKey => ({ pk: `SWEEP#${channel}`, sk: kind });
