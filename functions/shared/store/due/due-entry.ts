import * as z from 'zod';
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

/** The attributes that enter an item into the index. */
export const dueAttributes = (item: DueItem) => ({
  dueShard: shardName(item, shardOf(item.customer, SHARDS)),
  dueAt: item.dueAt,
});

const Entered = z.object({ dueAt: z.int() });

/** The second at which a stored item is in the index; `undefined` where it is not in it. */
export const dueAtOf = (item: unknown): number | undefined => Entered.safeParse(item).data?.dueAt;

/** The names of the attributes without which an item is not in the index. */
export const DUE_ATTRIBUTES = ['dueShard', 'dueAt'] as const;

/** The part of an update that enters an item into the index. */
export const setDue = (item: DueItem) => {
  const { dueShard, dueAt } = dueAttributes(item);
  return { set: 'dueShard = :dueShard, dueAt = :dueAt', values: { ':dueShard': dueShard, ':dueAt': dueAt } };
};

/** The part of an update that takes an item out of the index. */
export const REMOVE_DUE = `REMOVE ${DUE_ATTRIBUTES.join(', ')}`;

/** Lists of the next hour are in the order of the sessions' ends on channels with a short lead too. */
const LEAST_EXACT_SECONDS = 3_600;

/** How far ahead of now the sweep keeps the entries of sessions exact, in seconds. */
export const exactSeconds = (closingLeadSeconds: number): number => Math.max(closingLeadSeconds, LEAST_EXACT_SECONDS);

/** How much further the writers of messages do: their clocks and the sweep's differ. */
const MARGIN_SECONDS = 300;

/** The second up to which a message makes its session's entry exact; a later entry stays, early, until the sweep reaches it. */
export const exactUntil = (nowSeconds: number, closingLeadSeconds: number): number =>
  nowSeconds + exactSeconds(closingLeadSeconds) + MARGIN_SECONDS;

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
