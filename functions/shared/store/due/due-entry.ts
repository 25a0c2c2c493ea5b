import { CustomerKey } from '../../domain/customer.ts';
import { type ItemKey, shardOf } from '../keys.ts';

/** Spreads the entries of a channel over several index partitions, each good for 1,000 writes a second. */
const SHARDS = 4;

export type DueKind = 'session' | 'send';

/** An item of the `byDueAt` index. */
export interface DueItem {
  readonly kind: DueKind;
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Epoch seconds from which the item may need work: the entry of a session may be early, never late. */
  readonly dueAt: number;
}

const shardName = ({ kind, channel }: Pick<DueItem, 'kind' | 'channel'>, shard: number): string =>
  `${kind}#${channel}#${shard}`;

/** Every index partition of a channel's items of a kind. */
export const dueShards = (of: Pick<DueItem, 'kind' | 'channel'>): readonly string[] =>
  Array.from({ length: SHARDS }, (_, shard) => shardName(of, shard));

/** What an index partition is for. */
export const parseDueShard = (name: string): { readonly kind: string; readonly channel: string } => {
  const [kind = '', channel = ''] = name.split('#');
  return { kind, channel };
};

const BUCKET_SECONDS = 300;

const bucketStart = (dueAt: number): number => Math.floor(dueAt / BUCKET_SECONDS) * BUCKET_SECONDS;

const bucketName = ({ kind, channel }: Pick<DueItem, 'kind' | 'channel'>, start: number, shard: number): string =>
  `${kind}#${channel}#${start}#${shard}`;

/** Five minutes of the index of the release before. */
export interface DueBuckets {
  /** Epoch seconds. */
  readonly start: number;
  readonly end: number;
  /** The partitions of the index, one for each shard. */
  readonly names: readonly string[];
}

/** The buckets of the release before that can hold an item of the span, oldest first. */
export const dueBuckets = (span: DueSpan): readonly DueBuckets[] => {
  const first = bucketStart(span.from);
  const count = Math.max(0, (bucketStart(span.to) - first) / BUCKET_SECONDS + 1);
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * BUCKET_SECONDS;
    const names = Array.from({ length: SHARDS }, (__, shard) => bucketName(span, start, shard));
    return { start, end: start + BUCKET_SECONDS - 1, names };
  });
};

/** The attributes that enter an item into the index, and into that of the release before. */
export const dueAttributes = (item: DueItem) => {
  const shard = shardOf(item.customer, SHARDS);
  return {
    dueShard: shardName(item, shard),
    dueAt: item.dueAt,
    dueBucket: bucketName(item, bucketStart(item.dueAt), shard),
  };
};

/** The names of the attributes without which an item is not in the index. */
export const DUE_ATTRIBUTES = ['dueShard', 'dueAt', 'dueBucket'] as const;

/** The part of an update that enters an item into the index. */
export const setDue = (item: DueItem) => {
  const { dueShard, dueAt, dueBucket } = dueAttributes(item);
  return {
    set: 'dueShard = :dueShard, dueAt = :dueAt, dueBucket = :dueBucket',
    values: { ':dueShard': dueShard, ':dueAt': dueAt, ':dueBucket': dueBucket },
  };
};

/** The part of an update that takes an item out of the index. */
export const REMOVE_DUE = `REMOVE ${DUE_ATTRIBUTES.join(', ')}`;

/** Lists of the next hour are in the order of the sessions' ends on channels with a short lead too. */
const LEAST_EXACT_SECONDS = 3_600;

/** How far ahead of now the sweep keeps the entries of sessions exact, in seconds. */
export const exactSeconds = (closingLeadSeconds: number): number => Math.max(closingLeadSeconds, LEAST_EXACT_SECONDS);

export interface DueSpan {
  readonly kind: DueKind;
  readonly channel: string;
  /** Epoch seconds, both included. */
  readonly from: number;
  readonly to: number;
}

/** A position in the order of the index: after this customer, among the entries of that second. */
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

/** What a sweep finds: sends without an outcome, sessions that have ended, that end soon, and whose entries must be exact. */
export type SweepKind = 'send' | 'closed' | 'closing' | 'exact';

/** The item that holds how far a channel has been swept. */
export const sweepKey = (kind: SweepKind, channel: string): ItemKey => ({ pk: `SWEEP#${channel}`, sk: kind });
