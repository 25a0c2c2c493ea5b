import type { CustomerKey } from '../../domain/customer.ts';
import { countedMonths } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readItems } from '../dynamo/read-items.ts';
import {
  type Activity,
  changeMember,
  countByEvidence,
  evidenceIn,
  keyOfMember,
  type Member,
  uncountMember,
} from '../usage/count-members.ts';
import { type Evidence, MemberItem } from '../usage/member-items.ts';
import { countActivity } from './count-activity.ts';
import { findActivities } from './find-activities.ts';
import { ownerAt } from './identities.ts';
import { readPersons } from './read-persons.ts';

/** A name that several customers had, one after the other. */
export interface SharedName {
  readonly channel: string;
  readonly name: CustomerKey;
  /** Every channel of the deployment. */
  readonly channels: readonly string[];
  readonly now: Date;
}

/** The customers who had the name, the present one first. */
const ownersOf = async (table: Table, { channel, name }: SharedName): Promise<readonly CustomerKey[]> => {
  const owners = new Set<CustomerKey>();
  const asked = new Set<CustomerKey>();
  for (let wanted = [name]; wanted.length > 0; ) {
    for (const one of wanted) asked.add(one);
    const persons = await readPersons(table, channel, wanted);
    for (const { canonical } of persons) owners.add(canonical);
    const times = persons.flatMap(({ names }) => names.filter((one) => one.name === name));
    wanted = times.flatMap(({ previousOwner }) => previousOwner ?? []).filter((one) => !asked.has(one));
  }
  return [...owners];
};

interface StoredMember extends Member {
  readonly stored: MemberItem;
}

const readMembers = async (
  table: Table,
  { channel, now }: SharedName,
  customers: readonly CustomerKey[],
): Promise<readonly StoredMember[]> => {
  const all = countedMonths(now).flatMap((month) => customers.map((customer) => ({ channel, month, customer })));
  const items = await readItems(table, all.map(keyOfMember));
  return all.flatMap((member) => {
    const item = findItem(items, keyOfMember(member));
    return item === undefined ? [] : [{ ...member, stored: MemberItem.parse(item) }];
  });
};

/** The activity by which a member was counted; one whom an earlier release counted was the first owner as far as it knew. */
const evidenceOf = ({ month, customer, stored }: StoredMember): Evidence =>
  stored.countedBy ?? { name: customer, second: Date.parse(`${month}-01T00:00:00Z`) / 1000 };

/** Whose a member is by that activity, where that is not the one who has the key now. */
const findRightful = async (table: Table, { channel }: SharedName, member: StoredMember) => {
  const countedBy = evidenceOf(member);
  const owner = await ownerAt(table, channel, countedBy);
  return owner.customer === member.customer ? undefined : { ...owner, channel, month: member.month, countedBy };
};

const isMemberElsewhere = async (
  table: Table,
  { channels }: SharedName,
  { channel, month, customer }: Member,
): Promise<boolean> => {
  const others = channels.filter((other) => other !== channel);
  const keys = others.map((other) => keyOfMember({ channel: other, month, customer }));
  return (await readItems(table, keys)).length > 0;
};

/** Counts each owner by an activity of their own; true where that changes something. */
const correctMember = async (
  table: Table,
  shared: SharedName,
  { member, own }: { readonly member: StoredMember; readonly own: Activity | undefined },
): Promise<boolean> => {
  const rightful = await findRightful(table, shared, member);
  const isShared = member.customer === shared.name;
  if (rightful === undefined) {
    const isMarked = !isShared || member.stored.isShared === true;
    return !isMarked && changeMember(table, member, { countedBy: evidenceOf(member), isShared });
  }
  if (!(await countByEvidence(table, rightful))) return true;
  if (own !== undefined) await changeMember(table, member, { countedBy: evidenceIn(own), isShared });
  else await uncountMember(table, member, await isMemberElsewhere(table, shared, member));
  return true;
};

/** Counts each owner by what is stored of them; true where a member was corrected. */
const correctOnce = async (table: Table, shared: SharedName): Promise<boolean> => {
  const { channel, now } = shared;
  const months = countedMonths(now);
  const owners = await ownersOf(table, shared);
  const members = await readMembers(table, shared, owners);
  let isCorrected = false;
  for (const customer of owners) {
    const activities = await findActivities(table, channel, customer);
    for (const [month, activity] of activities) if (months.includes(month)) await countActivity(table, activity);
    for (const member of members.filter((one) => one.customer === customer))
      isCorrected = (await correctMember(table, shared, { member, own: activities.get(member.month) })) || isCorrected;
  }
  return isCorrected;
};

/** How often the members are corrected again; more would hold up the stream for one name. */
const MAX_ATTEMPTS = 8;

/**
 * Counts each owner of a name in the months in which they were active themselves (R14): a report may say later whose a
 * message was by which a customer was counted. Repeated while something is corrected, so that what other writers do
 * meanwhile is seen. Idempotent.
 */
export const correctMembers = async (table: Table, shared: SharedName): Promise<void> => {
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) if (!(await correctOnce(table, shared))) return;
};
