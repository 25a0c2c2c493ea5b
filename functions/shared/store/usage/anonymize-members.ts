import { randomUUID } from 'node:crypto';
import type { CustomerKey } from '../../domain/customer.ts';
import { countedMonths, keptUntil } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readItems } from '../dynamo/read-items.ts';
import { type Operation, transact } from '../dynamo/transaction.ts';
import type { ItemKey } from '../keys.ts';
import { deleteMember, putMember } from './member-items.ts';
import { anonymousKey, DEPLOYMENT, memberKey, type UsageScope } from './usage-keys.ts';

export interface AnonymizeMembers {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Every channel of the deployment: a customer of another one stays a member of the deployment. */
  readonly channels: readonly string[];
  readonly now: Date;
  /** Holds while nothing has come of the customer by which they count. @default - nothing comes */
  readonly unchanged?: Operation | undefined;
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

/** Replaces members by anonymous ones under the same counters, which stay correct (R16). */
const anonymize = (table: Table, key: ItemKey, expiresAt: number): readonly Operation[] => [
  deleteMember(table, key),
  putMember(table, anonymousKey(key, randomUUID()), { expiresAt }),
];

export interface Anonymized {
  /** How many months on the channel. */
  readonly months: number;
  /** False where the customer changed meanwhile: they may count by what has come since. */
  readonly done: boolean;
}

/** Makes the customer anonymous in every month that is kept (R16). */
export const anonymizeMembers = async (table: Table, request: AnonymizeMembers): Promise<Anonymized> => {
  const { channel, customer, now, unchanged } = request;
  const months = countedMonths(now);
  const scopes = [channel, DEPLOYMENT].flatMap((of) => months.map((month) => ({ channel: of, month })));
  const members = await readMembers(table, scopes, customer);
  const isMember = (scope: UsageScope): boolean => findItem(members, memberKey(scope, customer)) !== undefined;
  const inDeployment = months.filter((month) => isMember({ channel: DEPLOYMENT, month }));
  const leaving = await monthsOnNoOther(table, inDeployment, request);
  let anonymized = 0;
  for (const month of months) {
    const onChannel = [{ channel, month }].filter(isMember);
    const all = [...onChannel, ...(leaving.includes(month) ? [{ channel: DEPLOYMENT, month }] : [])];
    if (all.length === 0) continue;
    const writes = all.flatMap((scope) => anonymize(table, memberKey(scope, customer), keptUntil(month)));
    const { ok } = await transact(table, [...(unchanged === undefined ? [] : [unchanged]), ...writes]);
    if (!ok) return { months: anonymized, done: false };
    anonymized += onChannel.length;
  }
  return { months: anonymized, done: true };
};
