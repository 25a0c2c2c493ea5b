import type { CustomerKey } from '../../domain/customer.ts';
import { countedMonths } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readItems } from '../dynamo/read-items.ts';
import { customerKey } from '../keys.ts';
import { type Anonymized, type AnonymizeMembers, anonymizeMembers } from '../usage/anonymize-members.ts';
import { mergeMembers } from '../usage/merge-members.ts';
import { countActivity } from './count-activity.ts';
import { findActivities } from './find-activities.ts';

export interface AnonymizePerson extends Omit<AnonymizeMembers, 'customer'> {
  readonly canonical: CustomerKey;
  /** The names that lead to the person. */
  readonly owned: readonly CustomerKey[];
}

/**
 * Counts the customer on the other channels by what is stored there and the stream has not counted yet: who is a member of
 * another channel stays a member of the deployment.
 */
const countElsewhere = async (table: Table, { channel, channels, canonical, now }: AnonymizePerson): Promise<void> => {
  const others = channels.filter((other) => other !== channel);
  const keyOf = (other: string) => customerKey(other, canonical);
  const stored = await readItems(table, others.map(keyOf));
  const months = countedMonths(now);
  for (const other of others.filter((one) => findItem(stored, keyOf(one)) !== undefined))
    for (const [month, activity] of await findActivities(table, other, canonical))
      if (months.includes(month)) await countActivity(table, activity);
};

/** Merges the members of all names of a person and makes the result anonymous (R16). */
export const anonymizePerson = async (table: Table, person: AnonymizePerson): Promise<Anonymized> => {
  const { channel, canonical: to, owned, now } = person;
  for (const from of owned) if (from !== to) await mergeMembers(table, { channel, from, to, now, isKeyShared: false });
  await countElsewhere(table, person);
  return anonymizeMembers(table, { ...person, customer: to });
};
