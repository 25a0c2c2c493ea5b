import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { MessageItem } from '../items.ts';
import { LAST_MS, messageRange } from '../keys.ts';
import { type Activity, activityOf } from '../usage/count-members.ts';
import { findPerson } from './find-person.ts';
import type { NamePeriod } from './names-of.ts';

async function* messagesOf({ documents, tableName }: Table, channel: string, { name, from, until }: NamePeriod) {
  const untilMs = Math.min(until * 1000 - 1, LAST_MS);
  const { pk, first, last } = messageRange(channel, name, { fromMs: from * 1000, untilMs });
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last },
      ConsistentRead: true,
    },
  );
  for await (const { Items: items = [] } of pages)
    for (const item of items) {
      const { data } = MessageItem.safeParse(item);
      if (data !== undefined) yield data;
    }
}

/** The first activity of each month that is stored of a customer, under every name and in the time in which it was theirs. */
export const findActivities = async (
  table: Table,
  channel: string,
  customer: CustomerKey,
): Promise<ReadonlyMap<string, Activity>> => {
  const found = new Map<string, Activity>();
  const { periods } = await findPerson(table, channel, customer);
  // Two owners in the same second leave a time that lasted no second.
  for (const period of periods.filter(({ from, until }) => from < until))
    for await (const message of messagesOf(table, channel, period)) {
      const activity = activityOf({ channel, customer: period.name }, message);
      if (activity !== undefined && !found.has(activity.month)) found.set(activity.month, activity);
    }
  return found;
};
