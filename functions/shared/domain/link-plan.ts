import type { CustomerKey } from './customer.ts';
import { enterPast } from './late-report.ts';
import { type Draft, detach, isChange, isIn, join, joinTwo, replaceOthers } from './link-drafts.ts';
import {
  canonicalOf,
  endOfName,
  isOwned,
  joinNames,
  type KnownName,
  NAME_KINDS,
  type NameLink,
  ownedName,
  type Person,
  type ReportedName,
} from './names.ts';

/** A transaction has at most 100 items: two for each name. */
export const MAX_NAMES = 48;

/** A person as a link leaves them. */
export type PlannedPerson = Person & Draft;

export type LinkPlan =
  | { readonly kind: 'known' }
  /** Newer reports contradict this one: it says at most who had a name before. */
  | { readonly kind: 'outdated'; readonly persons: readonly PlannedPerson[] }
  | { readonly kind: 'too_many_names' }
  | {
      readonly kind: 'planned';
      readonly persons: readonly PlannedPerson[];
      /** An older report said otherwise: a name was taken from one person and given to another. */
      readonly contradicts: boolean;
    };

const namesIn = ({ names, replaced = [] }: NameLink): readonly ReportedName[] => [...names, ...replaced];

const toEntry = (link: NameLink, { name, kind }: ReportedName): KnownName => {
  const { names, replaced = [], at, learnedFrom } = link;
  const entry = { name, kind, since: at, learnedFrom };
  if (replaced.some((one) => one.name === name)) return { ...entry, replacedAt: at };
  if (replaced.length > 0) return { ...entry, changedAt: at };
  const spells = kind === 'number' ? names.find((one) => one.kind === 'wa_id')?.name : undefined;
  return spells === undefined ? entry : { ...entry, spells };
};

const isAtLeast = (known: number | undefined, reported: number | undefined): boolean =>
  reported === undefined || (known !== undefined && known >= reported);

const isKnownIn = (names: readonly KnownName[], entry: KnownName): boolean => {
  const known = ownedName(names, entry.name);
  return (
    known !== undefined &&
    known.since <= entry.since &&
    NAME_KINDS.indexOf(known.kind) >= NAME_KINDS.indexOf(entry.kind) &&
    isAtLeast(known.changedAt, entry.changedAt) &&
    isAtLeast(known.replacedAt, entry.replacedAt)
  );
};

/** The report is about the previous owner of a name. */
const isBeforeOwnership = ({ names }: Person, link: NameLink): boolean =>
  names.some((one) => isOwned(one) && isIn(namesIn(link), one) && (one.ownedFrom ?? 0) > link.at);

const toPlanned = (draft: Draft): PlannedPerson => {
  const canonical = canonicalOf(draft.names);
  if (canonical === undefined) throw new Error('a person has at least one name');
  return { ...draft, canonical };
};

const draftOf = ({ canonical, names }: Person, entries: readonly KnownName[]): Draft => {
  const owned = names.filter(isOwned).map(({ name }) => name);
  const own = entries.filter(({ name }) => name === canonical || owned.includes(name));
  return { names: joinNames(names, own), takes: [canonical], numbersOf: [] };
};

const isKnownPerson = ([only, another]: readonly Person[], entries: readonly KnownName[]): boolean =>
  only === undefined || (another === undefined && entries.every((entry) => isKnownIn(only.names, entry)));

const nameOwned = ({ names }: Draft, { name }: ReportedName): boolean => ownedName(names, name) !== undefined;

/** Frees a reported number that the person gave up before, unless the other names of the report are theirs too. */
const freeGivenUp = (draft: Draft, link: NameLink) => {
  const isGivenUp = (name: KnownName): boolean =>
    isOwned(name) && isIn(link.names, name) && link.at >= (endOfName(name) ?? Number.POSITIVE_INFINITY);
  const isOfOther = link.names.some((name) => !nameOwned(draft, name));
  if (isChange(link) || !isOfOther || !draft.names.some(isGivenUp)) return { freed: draft, rest: undefined };
  return detach(draft, isGivenUp, (name) => endOfName(name) ?? link.at);
};

/** Joins the persons one after the other; the first is whose name the report says first. */
const joinAll = ([first, ...rest]: readonly Draft[], link: NameLink) => {
  if (first === undefined) return undefined;
  let draft = isChange(link) ? replaceOthers(first, join(...rest), link) : first;
  const others: Draft[] = [];
  for (const next of rest) {
    const joined = joinTwo(draft, next, link);
    if (joined === 'outdated') return joined;
    draft = joined.draft;
    others.push(...joined.others);
  }
  return { draft, others };
};

const hasTooMany = ({ names }: PlannedPerson): boolean => names.length > MAX_NAMES;

const planPast = (before: readonly Person[], link: NameLink): LinkPlan => {
  const persons = enterPast(before, link).map((person) =>
    toPlanned({ names: joinNames(person.names), takes: [person.canonical], numbersOf: [] }),
  );
  return persons.some(hasTooMany) ? { kind: 'too_many_names' } : { kind: 'outdated', persons };
};

/**
 * What a report makes of the persons to whom its names lead. Pure; the same persons in any order of reports that do not
 * contradict each other. Of contradicting ones the newer holds, and never merges two people.
 */
export const planLink = (before: readonly Person[], link: NameLink): LinkPlan => {
  const entries = namesIn(link).map((name) => toEntry(link, name));
  if (isKnownPerson(before, entries)) return { kind: 'known' };
  if (before.some((person) => isBeforeOwnership(person, link))) return planPast(before, link);

  const freed = before.map((person) => freeGivenUp(draftOf(person, entries), link));
  const drafts = freed.map((one) => one.freed);
  // The replaced names first: they are the person who changed.
  const ordered = [...(link.replaced ?? []), ...link.names].flatMap(
    (name) => drafts.find((draft) => nameOwned(draft, name)) ?? [],
  );
  const joined = joinAll([...new Set(ordered)], link);
  if (joined === undefined) return { kind: 'known' };
  if (joined === 'outdated') return planPast(before, link);
  const { draft } = joined;
  const others = [...joined.others, ...freed.flatMap(({ rest }) => rest ?? [])];
  const persons = [draft, ...others].map(toPlanned);
  return persons.some(hasTooMany)
    ? { kind: 'too_many_names' }
    : { kind: 'planned', persons, contradicts: others.length > 0 };
};

/** A number that its owner gave up by a change of number belongs from then on to the person who writes with it. */
export const planRelease = (person: Person, name: CustomerKey, at: number): LinkPlan => {
  const known = ownedName(person.names, name);
  const end = known === undefined ? undefined : endOfName(known);
  if (end === undefined || at < end) return { kind: 'known' };
  const draft: Draft = { names: person.names, takes: [person.canonical], numbersOf: [] };
  const { rest, freed } = detach(
    draft,
    (one) => one.name === name,
    () => end,
  );
  return { kind: 'planned', persons: [toPlanned(freed), toPlanned(rest)], contradicts: true };
};
