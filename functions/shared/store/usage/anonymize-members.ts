import { randomUUID } from 'node:crypto';
import type { CustomerKey } from '../../domain/customer.ts';
import { countedMonths, keptUntil } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readItems } from '../dynamo/read-items.ts';
import { transact } from '../dynamo/transaction.ts';
import { deleteMember, putMember } from './member-items.ts';
import { anonymousKey, DEPLOYMENT, memberKey, type UsageScope } from './usage-keys.ts';

export interface AnonymizeMembers {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Every channel of the deployment: a customer of another one stays a member of the deployment. */
  readonly channels: readonly string[];
  readonly now: Date;
}

const readMembers = (table: Table, scopes: readonly UsageScope[], customer: CustomerKey) =>
  readItems(
    table,
    scopes.map((scope) => memberKey(scope, customer)),
  );

/** The months in which the customer is a member of no other channel. */
const monthsOnNoOther = async (
  table: Table,
  months: readonly string[],
  { channel, channels, customer }: AnonymizeMembers,
): Promise<readonly string[]> => {
  const others = channels.filter((other) => other !== channel);
  const scopes = months.flatMap((month) => others.map((other) => ({ channel: other, month })));
  const members = await readMembers(table, scopes, customer);
  const isMember = (scope: UsageScope) => findItem(members, memberKey(scope, customer)) !== undefined;
  return months.filter((month) => !others.some((other) => isMember({ channel: other, month })));
};

/** Replaces the member by an anonymous one under the same counter, which stays correct (R16). */
const anonymizeMonth = async (table: Table, scope: UsageScope, customer: CustomerKey): Promise<number> => {
  const key = memberKey(scope, customer);
  const { ok } = await transact(table, [
    deleteMember(table, key),
    putMember(table, anonymousKey(key, randomUUID()), { expiresAt: keptUntil(scope.month) }),
  ]);
  return ok ? 1 : 0;
};

/** Makes the customer anonymous in every month that is kept; returns the number of months on the channel (R16). */
export const anonymizeMembers = async (table: Table, request: AnonymizeMembers): Promise<number> => {
  const { channel, customer, now } = request;
  const months = countedMonths(now);
  const scopes = [channel, DEPLOYMENT].flatMap((of) => months.map((month) => ({ channel: of, month })));
  const members = await readMembers(table, scopes, customer);
  const monthsOn = (of: string) =>
    months.filter((month) => findItem(members, memberKey({ channel: of, month }, customer)) !== undefined);
  for (const month of await monthsOnNoOther(table, monthsOn(DEPLOYMENT), request))
    await anonymizeMonth(table, { channel: DEPLOYMENT, month }, customer);
  let anonymized = 0;
  for (const month of monthsOn(channel)) anonymized += await anonymizeMonth(table, { channel, month }, customer);
  return anonymized;
};
