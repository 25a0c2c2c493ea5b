import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { Activity } from '../../functions/shared/store/member-store.ts';
import { DEPLOYMENT, memberCountKeys, membersRange } from '../../functions/shared/store/usage-keys.ts';
import { CHANNEL, CUSTOMER, NOON } from './arrivals.ts';
import type { TestTable } from './table.ts';

export const NOVEMBER = '2026-11';

/** That a customer's message of noon was seen; `id` as test/support/arrivals names it. */
export const anActivity = ({
  channel = CHANNEL,
  customer = CUSTOMER,
  at = NOON,
  id = `wamid.${at.getTime()}`,
  month = at.toISOString().slice(0, 7),
  userId,
}: {
  channel?: string;
  customer?: CustomerKey;
  at?: Date;
  id?: string;
  month?: string;
  userId?: CustomerKey;
} = {}): Activity => ({ message: { channel, customer, atMs: at.getTime(), id }, month, userId });

/** What the counters of a month say, and how many members stand beside them. */
export const countersOf = async ({ documents, tableName }: TestTable, channel: string, month = NOVEMBER) => {
  let counted = 0;
  const members: string[] = [];
  for (const key of memberCountKeys({ channel, month })) {
    const { Item } = await documents.send(
      new GetCommand({ TableName: tableName, Key: { ...key }, ConsistentRead: true }),
    );
    const { pk, prefix } = membersRange(key);
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
        ConsistentRead: true,
      }),
    );
    if ((Item?.['members'] ?? 0) !== Items.length) throw new Error(`${pk} counts wrongly`);
    counted += Items.length;
    members.push(...Items.map((item) => String(item['sk']).slice('MEMBER#'.length)));
  }
  return { counted, members: members.toSorted() };
};

/** Monthly active users of the channel and of the deployment, by counters that agree with their members. */
export const mauOf = async (table: TestTable, month = NOVEMBER) => ({
  channel: (await countersOf(table, CHANNEL, month)).counted,
  deployment: (await countersOf(table, DEPLOYMENT, month)).counted,
});
