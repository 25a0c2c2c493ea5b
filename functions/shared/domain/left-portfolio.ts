import { isCurrent, type KnownName, type NameLink, namesFor, type Person } from './names.ts';

/** Each business portfolio of Meta gives a customer another user id: a number that moves to another one replaces them all. */
const replaced = (name: KnownName, since: number): KnownName =>
  name.kind === 'user_id' && name.since < since && isCurrent(name) ? { ...name, replacedAt: since } : name;

/**
 * The persons to whom the names of a report lead, as the number of the channel left its last business portfolio at the epoch
 * second `since`: what was a user id there contradicts none of the present one. Pure.
 */
export const leavePortfolio = <P extends Person>(
  persons: readonly P[],
  link: NameLink,
  since: number | undefined,
): readonly P[] =>
  since === undefined
    ? persons
    : persons.map((person) => ({
        ...person,
        names: namesFor(person, link).map((name) => replaced(name, since)),
      }));
