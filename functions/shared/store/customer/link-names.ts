import type { CustomerKey } from '../../domain/customer.ts';
import { leavePortfolio } from '../../domain/left-portfolio.ts';
import { type LinkPlan, planLink, planRelease } from '../../domain/link-plan.ts';
import type { LearnedFrom, NameLink } from '../../domain/names.ts';
import type { Table } from '../dynamo/client.ts';
import { Contended, retryUnderContention } from '../dynamo/contention.ts';
import { itemExists, transact } from '../dynamo/transaction.ts';
import type { ItemKey } from '../keys.ts';
import { readPersons, type StoredPerson } from './read-persons.ts';
import { writePersons } from './write-persons.ts';

export interface LinkNames {
  readonly link: NameLink;
  readonly now: Date;
  /** The message that the link comes from: once it is erased, nothing is linked (R16). */
  readonly message?: ItemKey | undefined;
  /** True where the customer is stored: one that is not any more was erased meanwhile (R16). */
  readonly isKnown?: boolean | undefined;
}

/**
 * `linked`: the names lead to one person from now on. `moved`: the same, and a name was taken from another person, whom an
 * older report had linked to it. `outdated`: newer reports say otherwise, and this one at most who had a name before.
 * `too_many_names`: the person has as many names as one transaction holds.
 */
export type LinkOutcome = { readonly kind: 'known' | 'linked' | 'moved' | 'outdated' | 'too_many_names' | 'erased' };

/** Others who write at the same time change what was read. */
const LIMITS = { maxAttempts: 16, pauseMs: 4 };

const CONTENDED = new Contended('the customer was changed by other writers');

interface Applied {
  readonly channel: string;
  readonly before: readonly StoredPerson[];
  readonly plan: LinkPlan;
  readonly learnedFrom: LearnedFrom;
}

type Changing = Extract<LinkPlan, { readonly persons: unknown }>;

const outcomeOf = (plan: Changing) => (plan.kind === 'outdated' ? plan.kind : plan.contradicts ? 'moved' : 'linked');

const apply = async (
  table: Table,
  { plan, ...applied }: Applied,
  { now, message }: Pick<LinkNames, 'now' | 'message'>,
): Promise<LinkOutcome | Contended> => {
  if (plan.kind === 'known' || plan.kind === 'too_many_names') return plan;
  if (plan.persons.length === 0) return { kind: 'outdated' };
  const origin = message === undefined ? [] : [itemExists(table, message)];
  const writes = writePersons(table, { ...applied, after: plan.persons, now });
  const written = await transact(table, [...origin, ...writes]);
  if (written.ok) return { kind: outcomeOf(plan) };
  return message !== undefined && written.failed.has(0) ? { kind: 'erased' } : CONTENDED;
};

/** The persons, and those who had the reported names before them, one after the other. */
const withPreviousOwners = async (
  table: Table,
  { channel, names }: Pick<NameLink, 'channel' | 'names'>,
  known: readonly StoredPerson[],
): Promise<readonly StoredPerson[]> => {
  const reported = names.map(({ name }) => name);
  const previous = known.flatMap((person) =>
    person.names.flatMap((one) => (reported.includes(one.name) ? (one.previousOwner ?? []) : [])),
  );
  const persons = new Map(known.map((person) => [person.canonical, person]));
  for (const person of await readPersons(table, channel, previous)) persons.set(person.canonical, person);
  return persons.size === known.length ? known : withPreviousOwners(table, { channel, names }, [...persons.values()]);
};

const isStored = ({ record, session }: StoredPerson): boolean => record !== undefined || session !== undefined;

/** Makes the names that a report links one person's, in one transaction that leaves no half state. Idempotent. */
export const linkNames = (table: Table, { link, isKnown = false, ...context }: LinkNames): Promise<LinkOutcome> =>
  retryUnderContention<LinkOutcome>(LIMITS, async () => {
    const { channel, names, replaced = [], learnedFrom } = link;
    const stored = await readPersons(
      table,
      channel,
      [...names, ...replaced].map(({ name }) => name),
    );
    const before = leavePortfolio(stored, link, table.portfolioSince?.(channel));
    if (isKnown && !before.some(isStored)) return { kind: 'erased' };
    const plan = planLink(before, link);
    if (plan.kind !== 'outdated') return apply(table, { channel, before, plan, learnedFrom }, context);
    const all = await withPreviousOwners(table, link, before);
    return apply(table, { channel, before: all, plan: planLink(all, link), learnedFrom }, context);
  });

export interface ReleaseName {
  readonly channel: string;
  readonly name: CustomerKey;
  /** The second at which a person wrote with it. */
  readonly at: number;
  readonly now: Date;
}

/** Frees a number that its owner has given up, for another person who writes with it (R16: nothing is inherited). Idempotent. */
export const releaseName = (table: Table, { channel, name, at, now }: ReleaseName): Promise<LinkOutcome> =>
  retryUnderContention<LinkOutcome>(LIMITS, async () => {
    const before = await readPersons(table, channel, [name]);
    const [owner] = before;
    if (owner === undefined || owner.canonical === name) return { kind: 'known' };
    return apply(table, { channel, before, plan: planRelease(owner, name, at), learnedFrom: 'message' }, { now });
  });

/** Links names that the provider reports outside a customer's message. */
export const createLinkStore = (table: Table) => ({
  linkNames: (report: LinkNames): Promise<LinkOutcome> => linkNames(table, report),
});
