import { randomUUID } from 'node:crypto';
import type { CustomerKey } from '../../domain/customer.ts';
import { countedMonths, keptUntil } from '../../domain/usage.ts';
import { findItem, readItems } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { transact } from '../dynamo/transaction.ts';
import { putMember, removeMember } from './member-items.ts';
import { anonymousKey, DEPLOYMENT, memberKey, type UsageScope } from './usage-keys.ts';

export interface AnonymizeMembers {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Every channel of the deployment: who is still known on another one stays a member of all together. */
  readonly channels: readonly string[];
  readonly now: Date;
}

const readMembers = (table: Table, scopes: readonly UsageScope[], customer: CustomerKey) =>
  readItems(
    table,
    scopes.map((scope) => memberKey(scope, customer)),
  );

/** The months of the deployment in which no other channel knows the customer. */
const forgottenByAll = async (
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

/** One leaves and one without a name comes, of the same counter: what is counted stays true (R16). */
const makeAnonymous = async (table: Table, scope: UsageScope, customer: CustomerKey): Promise<number> => {
  const key = memberKey(scope, customer);
  const { ok } = await transact(table, [
    removeMember(table, key),
    putMember(table, anonymousKey(key, randomUUID()), { expiresAt: keptUntil(scope.month) }),
  ]);
  return ok ? 1 : 0;
};

/** Replaces the customer by somebody without a name in every month that is kept; answers in how many on the channel. */
export const anonymizeMembers = async (table: Table, forget: AnonymizeMembers): Promise<number> => {
  const { channel, customer, now } = forget;
  const months = countedMonths(now);
  const scopes = [channel, DEPLOYMENT].flatMap((of) => months.map((month) => ({ channel: of, month })));
  const members = await readMembers(table, scopes, customer);
  const monthsOn = (of: string) =>
    months.filter((month) => findItem(members, memberKey({ channel: of, month }, customer)) !== undefined);
  for (const month of await forgottenByAll(table, monthsOn(DEPLOYMENT), forget))
    await makeAnonymous(table, { channel: DEPLOYMENT, month }, customer);
  let replaced = 0;
  for (const month of monthsOn(channel)) replaced += await makeAnonymous(table, { channel, month }, customer);
  return replaced;
};
