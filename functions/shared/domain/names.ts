import * as z from 'zod';
import { CustomerKey, isPhone } from './customer.ts';

/** Lowest rank first: the provider's user id, a number as others write it, the number as WhatsApp writes it. */
export const NAME_KINDS = ['user_id', 'number', 'wa_id'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** How the provider reported that two names belong to one person. */
export const LEARNED_FROM = ['message', 'send', 'status', 'system', 'contact_card', 'preference'] as const;
export type LearnedFrom = (typeof LEARNED_FROM)[number];

const seconds = z.int().nonnegative();

/** One name of a person; all times in whole epoch seconds of the provider. */
export const KnownName = z.object({
  name: CustomerKey,
  kind: z.enum(NAME_KINDS),
  /** The provider's time of the link that it was learned from. */
  since: seconds,
  learnedFrom: z.enum(LEARNED_FROM),
  /** The number as WhatsApp writes it, of which this is another spelling. */
  spells: CustomerKey.optional(),
  /** When the person changed to it. */
  changedAt: seconds.optional(),
  /** When the person changed to another one. */
  replacedAt: seconds.optional(),
  /** What is stored under the name from this second on belongs to the person; what is older, to `previousOwner`. */
  ownedFrom: seconds.optional(),
  previousOwner: CustomerKey.optional(),
  /** What is stored under the name from this second on belongs to its next owner. */
  ownedUntil: seconds.optional(),
});
export type KnownName = z.infer<typeof KnownName>;

/** A name in a report of the provider. */
export interface ReportedName {
  readonly name: CustomerKey;
  readonly kind: NameKind;
}

/** The provider reports names of one person; with `replaced`, that the person changed from those to the others. */
export interface NameLink {
  readonly channel: string;
  readonly names: readonly ReportedName[];
  readonly replaced?: readonly ReportedName[] | undefined;
  /** Whole epoch seconds of the provider. */
  readonly at: number;
  readonly learnedFrom: LearnedFrom;
}

/** A name as WhatsApp itself gives it. */
export const ownName = (name: CustomerKey): ReportedName => ({ name, kind: isPhone(name) ? 'wa_id' : 'user_id' });

/** A person's names, as they are stored under the canonical one. */
export interface Person {
  readonly canonical: CustomerKey;
  readonly names: readonly KnownName[];
}

/** Whether the name leads to the person now. */
export const isOwned = ({ ownedUntil }: KnownName): boolean => ownedUntil === undefined;

/** The entry of a name that leads to the person now. */
export const ownedName = (names: readonly KnownName[], name: CustomerKey): KnownName | undefined =>
  names.find((one) => isOwned(one) && one.name === name);

/** Whether the person is the same: only who had a name before has become known. */
const keepsUserId = (before: readonly KnownName[], after: readonly KnownName[]): boolean =>
  before.some((one) => one.kind === 'user_id' && isOwned(one) && ownedName(after, one.name) !== undefined);

/** The second from which a name belongs to another person than before. */
export const newOwnerSince = (
  name: CustomerKey,
  before: readonly KnownName[] = [],
  after: readonly KnownName[] = [],
): number | undefined => {
  const [old, fresh] = [before, after].map((names) => ownedName(names, name));
  if (fresh?.previousOwner === undefined || old?.ownedFrom === fresh.ownedFrom) return undefined;
  return keepsUserId(before, after) ? undefined : fresh.ownedFrom;
};

/** Whether a name leads to the person now. */
export const owns = ({ canonical, names }: Person, name: CustomerKey): boolean =>
  canonical === name || ownedName(names, name) !== undefined;

/** A person's names; of one of whom none is stored, that of the report which leads to them. */
export const namesFor = ({ canonical, names }: Person, link: NameLink): readonly KnownName[] => {
  const own = names.length > 0 ? undefined : link.names.find(({ name }) => name === canonical);
  return own === undefined ? names : [{ ...own, since: link.at, learnedFrom: link.learnedFrom }];
};

/** Whether the person uses the name now: not after a change to another one. */
export const isCurrent = ({ replacedAt, changedAt, ownedUntil }: KnownName): boolean =>
  ownedUntil === undefined && (replacedAt === undefined || (changedAt !== undefined && changedAt > replacedAt));

/** The second from which a message under a number is another person's, since its owner gave it up; a user id has no other. */
export const endOfName = (name: KnownName): number | undefined =>
  name.kind === 'user_id' || isCurrent(name) || name.replacedAt === undefined ? undefined : name.replacedAt + 1;

const byRank = (one: KnownName, other: KnownName): number =>
  Number(isCurrent(other)) - Number(isCurrent(one)) ||
  NAME_KINDS.indexOf(other.kind) - NAME_KINDS.indexOf(one.kind) ||
  (other.changedAt ?? 0) - (one.changedAt ?? 0) ||
  (one.name < other.name ? -1 : 1);

/**
 * The one name under which a person's state is stored. It depends on the names alone and not on the order in which they
 * were learned: a name in use before one that was given up, WhatsApp's own number before another spelling before a user id,
 * the one changed to last first.
 */
export const canonicalOf = (names: readonly KnownName[]): CustomerKey | undefined =>
  names.filter(isOwned).toSorted(byRank)[0]?.name;

const maxOf = (...times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};

const higherKind = (one: NameKind, other: NameKind): NameKind =>
  NAME_KINDS.indexOf(one) < NAME_KINDS.indexOf(other) ? other : one;

const startOf = ({ ownedFrom = 0 }: KnownName): number => ownedFrom;

/** The time in which the name was the person's: that which they have it since, or the whole of one that has ended. */
const timeOf = (one: KnownName, other: KnownName): Pick<KnownName, 'ownedFrom' | 'previousOwner'> => {
  const [earlier, later] = startOf(one) < startOf(other) ? [one, other] : [other, one];
  const { ownedFrom, previousOwner } = isOwned(one) ? later : earlier;
  return { ownedFrom, previousOwner };
};

/** What both reports say of one name; the same in any order. */
const joinName = (one: KnownName, other: KnownName): KnownName => {
  const [first, second] = one.since <= other.since ? [one, other] : [other, one];
  return {
    ...first,
    kind: higherKind(one.kind, other.kind),
    spells: first.spells ?? second.spells,
    changedAt: maxOf(one.changedAt, other.changedAt),
    replacedAt: maxOf(one.replacedAt, other.replacedAt),
    ...timeOf(one, other),
  };
};

/** The names of one person from several lists: one entry for each name and, of a name that was lost, one for each owner. */
export const joinNames = (...lists: readonly (readonly KnownName[])[]): readonly KnownName[] => {
  const joined = new Map<string, KnownName>();
  for (const name of lists.flat()) {
    const key = JSON.stringify([name.name, name.ownedUntil ?? null]);
    const known = joined.get(key);
    joined.set(key, known === undefined ? name : joinName(known, name));
  }
  return [...joined.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
};
