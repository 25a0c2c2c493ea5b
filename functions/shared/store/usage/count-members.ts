import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { CustomerKey } from '../../domain/customer.ts';
import { keptUntil } from '../../domain/usage.ts';
import { canonicalNameOf, canonicalNameUnchanged } from '../customer/identities.ts';
import { findItem, readBatch, readItems } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { itemExists, transact } from '../dynamo/transaction.ts';
import { type ItemKey, type MessageName, messageKey } from '../keys.ts';
import { countMember, MemberItem, putMember } from './member-items.ts';
import { linkNames, mergeMembers } from './merge-members.ts';
import { DEPLOYMENT, memberKey, shardOfMember } from './usage-keys.ts';

/** Counters written at once; customers of the same one wait for each other, so that they do not fight over it. */
const CONCURRENCY = 4;

/** How often counting starts over when others count the same customer; each round means that somebody got on. */
const MAX_ROUNDS = 8;

/** A customer sent or received a message in a month. */
export interface Activity {
  /** `yyyy-mm`. */
  readonly month: string;
  /** What is no longer there was erased, and counts no more (R16). */
  readonly message: MessageName;
  /** The customer's other name, where the message has a phone number too. */
  readonly userId?: CustomerKey | undefined;
}

const memberOf = (members: readonly Record<string, unknown>[], key: ItemKey): MemberItem | undefined =>
  MemberItem.optional().parse(findItem(members, key));

/** Counted this month, under every name that the message has. */
const isKnown = (member: MemberItem | undefined, { userId }: Activity): boolean =>
  member !== undefined && (userId === undefined || member.userId === userId);

/** One read for up to 100 messages: all that is done for customers who have been counted (R14). */
const uncounted = async (table: Table, activities: readonly Activity[]): Promise<readonly Activity[]> => {
  const keyOf = ({ month, message: { channel, customer } }: Activity) => memberKey({ channel, month }, customer);
  const keys = [...new Map(activities.map((activity) => [JSON.stringify(keyOf(activity)), keyOf(activity)])).values()];
  const members = await readItems(table, keys, false);
  return activities.filter((activity) => !isKnown(memberOf(members, keyOf(activity)), activity));
};

const noteUserId = ({ documents, tableName }: Table, key: ItemKey, userId: CustomerKey | undefined) =>
  writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...key },
        UpdateExpression: 'SET userId = :userId',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':userId': userId },
      }),
    ),
  );

/** `erased`: the message is gone, and with it what there was to count. */
type Outcome = 'counted' | 'known' | 'erased';

/** One transaction for channel and deployment: whoever is counted on the channel is counted in all. */
const countPerson = async (table: Table, activity: Activity, person: CustomerKey): Promise<Outcome | 'again'> => {
  const { month, userId, message } = activity;
  const { channel } = message;
  const ofChannel = memberKey({ channel, month }, person);
  const keys = [ofChannel, memberKey({ channel: DEPLOYMENT, month }, person)];
  const members = await readBatch(table, keys);
  const missing = keys.filter((key) => findItem(members, key) === undefined);
  if (missing.length === 0) {
    if (!isKnown(memberOf(members, ofChannel), activity)) await noteUserId(table, ofChannel, userId);
    return 'known';
  }
  const expiresAt = keptUntil(month);
  const counted = await transact(table, [
    itemExists(table, messageKey(message)),
    canonicalNameUnchanged(table, channel, person),
    ...missing.flatMap((key) => [
      putMember(table, key, { userId, expiresAt }),
      countMember(table, key, { by: 1, expiresAt }),
    ]),
  ]);
  if (counted.ok) return missing.includes(ofChannel) ? 'counted' : 'known';
  return counted.failed.has(0) ? 'erased' : 'again';
};

const count = async (table: Table, activity: Activity, now: Date): Promise<Outcome> => {
  const { userId, message } = activity;
  const { channel, customer } = message;
  if (userId !== undefined) await linkNames(table, message, { userId, now });
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) {
    const outcome = await countPerson(table, activity, await canonicalNameOf(table, channel, customer));
    if (outcome !== 'again') return outcome;
  }
  throw new Error(`a customer was counted by others in each of ${MAX_ROUNDS} rounds`);
};

/** Messages that count the same: the first of them that is still there does it. */
const countOne = async (table: Table, same: readonly Activity[], now: Date): Promise<Outcome> => {
  for (const activity of same) {
    const outcome = await count(table, activity, now);
    if (outcome !== 'erased') return outcome;
  }
  return 'erased';
};

const sameness = ({ message: { channel, customer }, month, userId }: Activity): string =>
  JSON.stringify([channel, customer, month, userId]);

const countInTurn = async (table: Table, activities: readonly Activity[], now: Date): Promise<readonly Activity[]> => {
  const counted: Activity[] = [];
  for (const same of Map.groupBy(activities, sameness).values())
    if ((await countOne(table, same, now)) === 'counted') counted.push(...same.slice(0, 1));
  return counted;
};

/** Counts monthly active users exactly (R14): a member is written once, in one transaction with its counter. */
export const createMemberStore = (table: Table) => ({
  /** Counts whoever has not been counted in that month; answers one activity of each who is new on the channel. */
  countActivities: async (activities: readonly Activity[], now: Date): Promise<readonly Activity[]> => {
    const counters = Map.groupBy(await uncounted(table, activities), ({ message }) => shardOfMember(message.customer));
    const counted = await pMap(counters.values(), (some) => countInTurn(table, some, now), {
      concurrency: CONCURRENCY,
    });
    return counted.flat();
  },

  /** A customer moved to another partition: what was counted there counts under the new name, once. */
  mergeMembers: (names: { channel: string; from: CustomerKey; to: CustomerKey }, now: Date): Promise<void> =>
    mergeMembers(table, names, now),
});
