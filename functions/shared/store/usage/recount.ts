import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Table } from '../dynamo/client.ts';
import { readItem } from '../dynamo/read-items.ts';
import type { ItemKey } from '../keys.ts';
import { CountItem } from './member-items.ts';
import { memberCountKeys, membersRange, type UsageScope } from './usage-keys.ts';

/** Counters recounted in parallel. */
const CONCURRENCY = 8;

/** How often a counter is recounted that others change meanwhile. */
const MAX_ATTEMPTS = 8;

export interface Recount {
  /** The sum of the counters. */
  readonly counted: number;
  /** The number of members. */
  readonly members: number;
  /** How many counters differ from their members. */
  readonly wrong: number;
}

const readCounter = async (table: Table, key: ItemKey): Promise<number> =>
  CountItem.parse((await readItem(table, key)) ?? {}).members;

const countMembers = async ({ documents, tableName }: Table, key: ItemKey): Promise<number> => {
  const { pk, prefix } = membersRange(key);
  let members = 0;
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
      Select: 'COUNT',
      ConsistentRead: true,
    },
  );
  for await (const { Count = 0 } of pages) members += Count;
  return members;
};

/** Compares a counter with its members, if possible while neither changes. */
const recountOne = async (table: Table, key: ItemKey): Promise<Recount> => {
  for (let attempts = 1; ; attempts += 1) {
    const before = await readCounter(table, key);
    const members = await countMembers(table, key);
    const counted = await readCounter(table, key);
    if (before === counted || attempts === MAX_ATTEMPTS)
      return { counted, members, wrong: counted === members ? 0 : 1 };
  }
};

/** Counts the members of a month one by one and compares them with its counters (R14). */
export const recountMembers = async (table: Table, scope: UsageScope): Promise<Recount> => {
  const counters = await pMap(memberCountKeys(scope), (key) => recountOne(table, key), { concurrency: CONCURRENCY });
  return counters.reduce((sum, one) => ({
    counted: sum.counted + one.counted,
    members: sum.members + one.members,
    wrong: sum.wrong + one.wrong,
  }));
};
