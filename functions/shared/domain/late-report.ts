import type { CustomerKey } from './customer.ts';
import {
  canonicalOf,
  isCurrent,
  type KnownName,
  type NameKind,
  type NameLink,
  namesFor,
  ownedName,
  owns,
  type Person,
} from './names.ts';

/** The time in which one person had a name. */
interface Tenure {
  readonly person: Person;
  readonly entry: KnownName;
  /** The second from which it is known to be theirs. */
  readonly from: number;
  readonly until: number;
}

/** A name that two persons had one after the other. */
interface Contest {
  readonly name: CustomerKey;
  readonly kind: NameKind;
  /** Who has the name now. */
  readonly owner: Person;
  /** Who had it at the second of the report. */
  readonly claimant: Person;
  /** The second from which the owner is known to have it. */
  readonly from: number;
}

/** The second from which a person has a name that another one had at the report: that of the first newer report. */
const newerSince = (
  owner: Person,
  { name, rival }: { readonly name: CustomerKey; readonly rival: NameKind },
  { names, at }: NameLink,
): number | undefined => {
  const ownedFrom = ownedName(owner.names, name)?.ownedFrom ?? 0;
  if (ownedFrom > at) return ownedFrom;
  const isRival = (one: KnownName): boolean =>
    one.kind === rival && isCurrent(one) && one.since >= at && !names.some((own) => own.name === one.name);
  const rivals = owner.names.filter(isRival).map(({ since }) => since);
  return rivals.length === 0 ? undefined : Math.min(...rivals);
};

/** Which name of the report has gone to another person since: a number with another user id, or a user id with another number. */
const contestOf = (persons: readonly Person[], link: NameLink): Contest | undefined => {
  const [one, other] = link.names;
  const kinds = link.names.map(({ kind }) => kind);
  if (one === undefined || other === undefined || kinds.toSorted().join() !== 'user_id,wa_id') return undefined;
  const contests = [[one, other] as const, [other, one] as const].flatMap(
    ([{ name, kind }, { name: second, kind: rival }]): readonly Contest[] => {
      const owner = persons.find((person) => owns(person, name));
      const claimant = persons.find((person) => owns(person, second));
      if (owner === undefined || claimant === undefined) return [];
      const from = newerSince(owner, { name, rival }, link);
      return from === undefined ? [] : [{ name, kind, owner, claimant, from }];
    },
  );
  return contests.toSorted((first, second) => first.from - second.from)[0];
};

/** A person's last time with a name that ended by that second. */
const endedBy = ({ names }: Person, name: CustomerKey, second: number): KnownName | undefined =>
  names
    .filter((one) => one.name === name && (one.ownedUntil ?? Number.POSITIVE_INFINITY) <= second)
    .toSorted((one, next) => (next.ownedUntil ?? 0) - (one.ownedUntil ?? 0))[0];

/** Who had the name, one after the other, the present owner first; as far back as is known. */
const tenuresOf = (persons: readonly Person[], { name, owner, from }: Contest): readonly Tenure[] => {
  const entry = ownedName(owner.names, name);
  const tenures: Tenure[] =
    entry === undefined ? [] : [{ person: owner, entry, from, until: Number.POSITIVE_INFINITY }];
  for (let newer = tenures[0]; newer !== undefined; ) {
    const { previousOwner } = newer.entry;
    const person = previousOwner && persons.find((one) => owns(one, previousOwner));
    const ended = person ? endedBy(person, name, newer.from) : undefined;
    newer =
      person && ended
        ? { person, entry: ended, from: ended.ownedFrom ?? ended.since, until: ended.ownedUntil ?? newer.from }
        : undefined;
    if (newer !== undefined) tenures.push(newer);
  }
  return tenures;
};

interface ChangedTenure {
  readonly tenure: Tenure;
  readonly change: Partial<KnownName>;
}

/** The persons with changed tenures, each once: one person may have had the name twice. */
const withChanges = (changed: readonly ChangedTenure[]): readonly Person[] => {
  const changeOf = (entry: KnownName) => changed.find(({ tenure }) => tenure.entry === entry)?.change;
  const persons = new Set(changed.map(({ tenure }) => tenure.person));
  return [...persons].map((person) => ({
    ...person,
    names: person.names.map((entry) => ({ ...entry, ...changeOf(entry) })),
  }));
};

/** The claimant with the name for a time in the past. */
const withPast = ({ claimant, name, kind }: Contest, link: NameLink, time: Partial<KnownName>): Person => ({
  ...claimant,
  names: [...namesFor(claimant, link), { name, kind, since: link.at, learnedFrom: link.learnedFrom, ...time }],
});

/** Who had the name after the report and before it. */
interface Neighbours {
  readonly newer: Tenure;
  readonly older: Tenure | undefined;
}

/** The later owner had the name from that second on, which ends the time of the one before. */
const beginEarlier = ({ newer, older }: Neighbours, at: number): readonly Person[] =>
  withChanges([
    { tenure: newer, change: newer.entry.ownedFrom === undefined ? { since: at } : { since: at, ownedFrom: at } },
    ...(older === undefined || older.until <= at ? [] : [{ tenure: older, change: { ownedUntil: at } }]),
  ]);

/** A name by which a person is found after another one has gone to someone else. */
const lastingName = ({ names, canonical }: Person, lost: CustomerKey): CustomerKey =>
  canonicalOf(names.filter(({ name }) => name !== lost)) ?? canonical;

/** The claimant had the name between two others, or before all. */
const insert = (contest: Contest, link: NameLink, { newer, older }: Neighbours): readonly Person[] => {
  const { at } = link;
  const previousOwner = lastingName(contest.claimant, contest.name);
  const next = { tenure: newer, change: { since: newer.from, ownedFrom: newer.from, previousOwner } };
  if (older === undefined) return [...withChanges([next]), withPast(contest, link, { ownedUntil: newer.from })];
  const from = Math.min(at, older.until);
  const time = { ownedFrom: from, previousOwner: lastingName(older.person, contest.name), ownedUntil: newer.from };
  const ended = { tenure: older, change: { ownedUntil: from } };
  return [...withChanges([next, ended]), withPast(contest, link, time)];
};

/**
 * The persons whom a report changes that newer ones contradict: it says who had a name before the one who has it now, so
 * that what is stored under the name from that time is theirs. What holds now stays. Pure.
 */
export const enterPast = (before: readonly Person[], link: NameLink): readonly Person[] => {
  const contest = (link.replaced ?? []).length > 0 ? undefined : contestOf(before, link);
  if (contest === undefined) return [];
  const tenures = tenuresOf(before, contest);
  const began = tenures.findIndex(({ from }) => from <= link.at);
  const older = began < 0 ? undefined : tenures[began];
  const newer = tenures[(began < 0 ? tenures.length : began) - 1];
  const isClaimant = (tenure: Tenure | undefined): boolean => tenure?.person === contest.claimant;
  if (newer === undefined || isClaimant(older)) return [];
  return isClaimant(newer) ? beginEarlier({ newer, older }, link.at) : insert(contest, link, { newer, older });
};
