import type { CustomerKey } from '../../domain/customer.ts';
import { type ItemKey, shardOf } from '../keys.ts';

/** In the place of a channel: all of them together. No channel can be called so. */
export const DEPLOYMENT = '*';

/**
 * Counters of a month: a transaction keeps its counter for about 10 ms, so each takes some 100 new members a second. Three
 * times as many counters are still one read.
 */
const USAGE_SHARDS = 32;
const SHARDS = Array.from({ length: USAGE_SHARDS }, (_, shard) => shard);

/** Whose usage: a channel's, or that of {@link DEPLOYMENT}, in a month `yyyy-mm`. */
export interface UsageScope {
  readonly channel: string;
  readonly month: string;
}

const MEMBER_PREFIX = 'MEMBER#';
const THRESHOLD_PREFIX = 'THRESHOLD#';

const monthPartition = ({ channel, month }: UsageScope) => `USAGE#${channel}#${month}` as const;

const shardPartition = (scope: UsageScope, shard: number) => `${monthPartition(scope)}#${shard}` as const;

/** Which of a month's counters counts the customer. */
export const shardOfMember = (customer: CustomerKey): number => shardOf(customer, USAGE_SHARDS);

/** A customer who was active in that month (R14), beside the counter that counts them. */
export const memberKey = (scope: UsageScope, customer: CustomerKey): ItemKey => ({
  pk: shardPartition(scope, shardOfMember(customer)),
  sk: `${MEMBER_PREFIX}${customer}`,
});

/** In the place of a customer who was erased: of the same partition, so that its counter stays true (R16). */
export const anonymousKey = ({ pk }: ItemKey, id: string): ItemKey => ({ pk, sk: `${MEMBER_PREFIX}erased-${id}` });

const memberCountAt = (pk: string): ItemKey => ({ pk, sk: 'COUNT#MEMBERS' });

/** The counter that counts the members of a partition. */
export const memberCountKey = ({ pk }: ItemKey): ItemKey => memberCountAt(pk);

/** All counters of a month's members. */
export const memberCountKeys = (scope: UsageScope): readonly ItemKey[] =>
  SHARDS.map((shard) => memberCountAt(shardPartition(scope, shard)));

/** The members that one counter counts. */
export const membersRange = ({ pk }: ItemKey) => ({ pk, prefix: MEMBER_PREFIX });

/** All counters of a month's messages. */
export const messageCountKeys = (scope: UsageScope): readonly ItemKey[] =>
  SHARDS.map((shard) => ({ pk: shardPartition(scope, shard), sk: 'COUNT#MESSAGES' }));

/** That a threshold was reached. */
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

/** That something was counted; `id` names it without saying whose it was. */
export const countedKey = (id: string): ItemKey => ({ pk: `COUNTED#${id}`, sk: 'COUNTED' });
