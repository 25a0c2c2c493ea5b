import type { CustomerKey } from './customer.ts';
import {
  canonicalOf,
  isCurrent,
  isOwned,
  joinNames,
  type KnownName,
  type NameKind,
  type NameLink,
  type ReportedName,
} from './names.ts';

/** A person while a report is applied: their names, and whose state they have. */
export interface Draft {
  readonly names: readonly KnownName[];
  /** The canonical names before the link of those whose state the person has now. */
  readonly takes: readonly CustomerKey[];
  /** The canonical names before the link of those who gave a number up: an opt-out under the number alone stays with it. */
  readonly numbersOf: readonly CustomerKey[];
}

export const isIn = (reported: readonly ReportedName[], { name }: KnownName): boolean =>
  reported.some((one) => one.name === name);

const hasCurrent = ({ names }: Draft, kind: NameKind): boolean =>
  names.some((name) => name.kind === kind && isCurrent(name));

const UNIQUE = ['wa_id', 'user_id'] as const satisfies readonly NameKind[];

/** The names for which a draft cannot be the same person as the other: each has one number and one user id at a time. */
const conflictsOf = (draft: Draft, other: Draft, link: NameLink): readonly KnownName[] => {
  const kinds: readonly NameKind[] = UNIQUE.filter((kind) => hasCurrent(draft, kind) && hasCurrent(other, kind));
  return draft.names.filter((name) => kinds.includes(name.kind) && isCurrent(name) && !isIn(link.names, name));
};

/** What was linked to the new number before the change belongs to its previous owner. */
const conflictsOfChange = (draft: Draft, { names, at }: NameLink): readonly KnownName[] =>
  names.some(({ kind }) => kind === 'wa_id')
    ? draft.names.filter((name) => name.kind !== 'number' && isCurrent(name) && !isIn(names, name) && name.since < at)
    : [];

export const join = (...drafts: readonly Draft[]): Draft => ({
  names: joinNames(...drafts.map(({ names }) => names)),
  takes: drafts.flatMap(({ takes }) => takes),
  numbersOf: drafts.flatMap(({ numbersOf }) => numbersOf),
});

/** Takes names, and other spellings of them, from a draft: all state stays with the rest. */
export const detach = (draft: Draft, lost: (name: KnownName) => boolean, from: (name: KnownName) => number) => {
  const taken = draft.names.filter(lost).map(({ name }) => name);
  const isTaken = (one: KnownName): boolean =>
    isOwned(one) && (taken.includes(one.name) || (one.spells !== undefined && taken.includes(one.spells)));
  const names = draft.names.map((one) => (isTaken(one) ? { ...one, ownedUntil: from(one) } : one));
  const previousOwner = canonicalOf(names);
  const fresh = draft.names.filter(isTaken).map(
    (one): KnownName => ({
      name: one.name,
      kind: one.kind,
      since: from(one),
      learnedFrom: one.learnedFrom,
      ...(one.spells === undefined ? {} : { spells: one.spells }),
      ownedFrom: from(one),
      ...(previousOwner === undefined ? {} : { previousOwner }),
    }),
  );
  const rest: Draft = { ...draft, names };
  const freed: Draft = { names: fresh, takes: [], numbersOf: draft.takes };
  return { rest, freed };
};

/** Of two reports the newer holds; in the same second that with the greater name, whichever arrives first. */
const isNewer = ({ at, names }: NameLink, conflict: KnownName): boolean =>
  at > conflict.since ||
  (at === conflict.since && names.some(({ name, kind }) => kind === conflict.kind && name > conflict.name));

interface Joined {
  readonly draft: Draft;
  /** Persons who lost a name. */
  readonly others: readonly Draft[];
}

const separate = (draft: Draft, conflicts: readonly KnownName[], link: NameLink) =>
  conflicts.length === 0
    ? { rest: undefined, freed: draft }
    : detach(
        draft,
        (name) => isIn(link.names, name),
        () => link.at,
      );

/** When a name of the report was replaced, if after the report: what it says holds for the time before. */
const replacedSince = (draft: Draft, { names, at }: NameLink): number | undefined =>
  draft.names.find((name) => isIn(names, name) && !isCurrent(name) && (name.replacedAt ?? -1) >= at)?.replacedAt;

/** The names that are in use at the same time as others of the other person were, until the person changed to those. */
const joinPast = (draft: Draft, other: Draft, replacedAt: number): Draft => {
  const kinds: readonly NameKind[] = UNIQUE.filter((kind) => hasCurrent(draft, kind) && hasCurrent(other, kind));
  const names = draft.names.map((one) => (kinds.includes(one.kind) && isCurrent(one) ? { ...one, replacedAt } : one));
  return join({ ...draft, names }, other);
};

export const isChange = ({ replaced = [] }: NameLink): boolean => replaced.length > 0;

/** What the report says of a name holds for the time before the person changed it. */
const joinInPast = (one: Draft, other: Draft, link: NameLink): Draft | undefined => {
  if (isChange(link)) return undefined;
  const [ofOne, ofOther] = [replacedSince(one, link), replacedSince(other, link)];
  if (ofOne !== undefined) return joinPast(other, one, ofOne);
  return ofOther === undefined ? undefined : joinPast(one, other, ofOther);
};

/** Joins two persons for one report, or takes the reported names from those whom it contradicts. */
export const joinTwo = (one: Draft, other: Draft, link: NameLink): Joined | 'outdated' => {
  const past = joinInPast(one, other, link);
  if (past !== undefined) return { draft: past, others: [] };
  const ofOne = isChange(link) ? [] : conflictsOf(one, other, link);
  const ofOther = isChange(link) ? conflictsOfChange(other, link) : conflictsOf(other, one, link);
  if (!isChange(link) && [...ofOne, ...ofOther].some((conflict) => !isNewer(link, conflict))) return 'outdated';
  const [first, second] = [separate(one, ofOne, link), separate(other, ofOther, link)];
  return {
    draft: join(first.freed, second.freed),
    others: [first.rest, second.rest].filter((rest) => rest !== undefined),
  };
};

/** With a change of number the user id changes too, and with a change to another number the number before is given up. */
export const replaceOthers = (draft: Draft, after: Draft, { names, at }: NameLink): Draft => {
  const hasNumber = hasCurrent(after, 'wa_id') || names.some(({ kind }) => kind === 'wa_id');
  const isReplaced = (one: KnownName): boolean =>
    isCurrent(one) && !isIn(names, one) && (one.kind === 'user_id' || (one.kind === 'wa_id' && hasNumber));
  return {
    ...draft,
    names: draft.names.map((one) => (isReplaced(one) ? { ...one, replacedAt: at } : one)),
  };
};
