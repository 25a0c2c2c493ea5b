import type { CustomerKey } from '../../domain/customer.ts';
import { type ItemKey, shardOf } from '../keys.ts';

/** The scope of all channels together, in the place of a channel's id, which cannot be this. */
export const DEPLOYMENT = '*';

/**
 * Counters of a month: a transaction blocks its counter for about 10 ms, so that each counts some 100 new members a
 * second. Three times as many counters are still one read.
 */
const USAGE_SHARDS = 32;
const SHARDS = Array.from({ length: USAGE_SHARDS }, (_, shard) => shard);

/** A channel, or {@link DEPLOYMENT}, in a month `yyyy-mm`. */
export interface UsageScope {
  readonly channel: string;
  readonly month: string;
}

const MEMBER_PREFIX = 'MEMBER#';
const THRESHOLD_PREFIX = 'THRESHOLD#';

const monthPartition = ({ channel, month }: UsageScope) => `USAGE#${channel}#${month}` as const;

const shardPartition = (scope: UsageScope, shard: number) => `${monthPartition(scope)}#${shard}` as const;

/** The shard of the counter that counts the customer. */
export const shardOfMember = (customer: CustomerKey): number => shardOf(customer, USAGE_SHARDS);

/** A customer who was active in that month (R14), beside the counter that counts them. */
export const memberKey = (scope: UsageScope, customer: CustomerKey): ItemKey => ({
  pk: shardPartition(scope, shardOfMember(customer)),
  sk: `${MEMBER_PREFIX}${customer}`,
});

/** The member that replaces an erased customer, in the same partition, so that its counter stays correct (R16). */
export const anonymousKey = ({ pk }: ItemKey, id: string): ItemKey => ({ pk, sk: `${MEMBER_PREFIX}erased-${id}` });

const memberCountAt = (pk: string): ItemKey => ({ pk, sk: 'COUNT#MEMBERS' });

/** The counter that counts the members of a partition. */
export const memberCountKey = ({ pk }: ItemKey): ItemKey => memberCountAt(pk);

/** All counters of a month's members. */
export const memberCountKeys = (scope: UsageScope): readonly ItemKey[] =>
  SHARDS.map((shard) => memberCountAt(shardPartition(scope, shard)));

/** The members beside one counter. */
export const membersRange = ({ pk }: ItemKey) => ({ pk, prefix: MEMBER_PREFIX });

/** All counters of a month's messages. */
export const messageCountKeys = (scope: UsageScope): readonly ItemKey[] =>
  SHARDS.map((shard) => ({ pk: shardPartition(scope, shard), sk: 'COUNT#MESSAGES' }));

/** The mark of a threshold that was reached. */
export const thresholdKey = (scope: UsageScope, count: number): ItemKey => ({
  pk: monthPartition(scope),
  sk: `${THRESHOLD_PREFIX}${String(count).padStart(12, '0')}`,
});

/** The thresholds that were reached in a month. */
export const thresholdsRange = (scope: UsageScope) => ({ pk: monthPartition(scope), prefix: THRESHOLD_PREFIX });

const THRESHOLD_PK = /^USAGE#([^#]+)#(\d{4}-\d\d)$/;

/** Reads the month of {@link thresholdKey} back; `undefined` for any other key. */
export const parseThresholdKey = ({ pk, sk }: ItemKey): UsageScope | undefined => {
  const [, channel, month] = THRESHOLD_PK.exec(pk) ?? [];
  return channel === undefined || month === undefined || !sk.startsWith(THRESHOLD_PREFIX)
    ? undefined
    : { channel, month };
};

/** The mark of something counted; `id` identifies no customer. */
export const countedKey = (id: string): ItemKey => ({ pk: `COUNTED#${id}`, sk: 'COUNTED' });
