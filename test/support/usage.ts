import type { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { Activity } from '../../functions/shared/store/usage/count-members.ts';
import { DEPLOYMENT, memberCountKeys } from '../../functions/shared/store/usage/usage-keys.ts';
import { CHANNEL, CUSTOMER, NOON } from './arrivals.ts';

/** A table whose items can be read. */
interface Scanned {
  readonly scan: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export const NOVEMBER = '2026-11';

/** The activity of a customer who wrote at noon; `id` is the one that test/support/arrivals gives the message. */
export const anActivity = ({
  channel = CHANNEL,
  customer = CUSTOMER,
  at = NOON,
  id = `wamid.${at.getTime()}`,
  month = at.toISOString().slice(0, 7),
}: {
  channel?: string;
  customer?: CustomerKey;
  at?: Date;
  id?: string;
  month?: string;
} = {}): Activity => ({ message: { channel, customer, atMs: at.getTime(), id }, month });

/** The members of a month and their count. Throws when a counter disagrees with its members. */
export const countersOf = async ({ scan }: Scanned, channel: string, month = NOVEMBER) => {
  const items = await scan();
  const all: string[] = [];
  for (const { pk, sk } of memberCountKeys({ channel, month })) {
    const here = items.filter((item) => item['pk'] === pk);
    const members = here.map((item) => String(item['sk'])).filter((name) => name.startsWith('MEMBER#'));
    const counted = Number(here.find((item) => item['sk'] === sk)?.['members'] ?? 0);
    if (counted !== members.length) throw new Error(`${pk} counts ${counted} of ${members.length}`);
    all.push(...members.map((name) => name.slice('MEMBER#'.length)));
  }
  return { counted: all.length, members: all.toSorted() };
};

/** Monthly active users of the channel and of the deployment, by counters that agree with their members. */
export const mauOf = async (table: Scanned, month = NOVEMBER) => ({
  channel: (await countersOf(table, CHANNEL, month)).counted,
  deployment: (await countersOf(table, DEPLOYMENT, month)).counted,
});
