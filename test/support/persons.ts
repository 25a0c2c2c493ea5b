import type { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { planLink, planRelease } from '../../functions/shared/domain/link-plan.ts';
import { isOwned, type NameLink, owns, type Person } from '../../functions/shared/domain/names.ts';

/** Applies plans to persons in memory, as the store does to the table. */
export const aPopulation = () => {
  let persons: readonly Person[] = [];
  const personOf = (name: CustomerKey): Person =>
    persons.find((person) => owns(person, name)) ?? { canonical: name, names: [] };
  const replace = (before: readonly Person[], after: readonly Person[]) => {
    persons = [
      ...persons.filter((person) => !before.some(({ canonical }) => canonical === person.canonical)),
      ...after,
    ];
  };
  const apply = (before: readonly Person[], plan: ReturnType<typeof planLink>) => {
    if (plan.kind === 'planned') replace(before, plan.persons);
    // What says who had a name before leaves everyone else as they are.
    if (plan.kind === 'outdated') replace(plan.persons, plan.persons);
    return plan.kind === 'planned' && plan.contradicts ? 'contradicts' : plan.kind;
  };
  return {
    link: (link: NameLink) => {
      const names = [...link.names, ...(link.replaced ?? [])].map(({ name }) => name);
      const before = [...new Map(names.map(personOf).map((person) => [person.canonical, person])).values()];
      const plan = planLink(before, link);
      const others = persons.filter((person) => !before.includes(person));
      return apply(before, plan.kind === 'outdated' ? planLink([...before, ...others], link) : plan);
    },
    release: (name: CustomerKey, at: number) => {
      const before = personOf(name);
      return apply([before], planRelease(before, name, at));
    },
    personOf,
    canonicalOf: (name: CustomerKey) => personOf(name).canonical,
    /** Who had a name and when, the first one first: user ids with the seconds from which and until which. */
    ownersOf: (name: CustomerKey) =>
      persons
        .flatMap(({ names }) =>
          names.map((one) => ({ one, userId: names.find(({ kind }) => kind === 'user_id')?.name })),
        )
        .filter(({ one }) => one.name === name)
        .map(({ one: { ownedFrom, ownedUntil, previousOwner }, userId }) => ({
          userId,
          ownedFrom,
          ownedUntil,
          previousOwner,
        }))
        .toSorted((one, other) => (one.ownedFrom ?? 0) - (other.ownedFrom ?? 0)),
    /** Who is one person: the canonical names with all that lead to them. */
    shape: () =>
      persons
        .map(({ canonical, names }) => [canonical, names.filter(isOwned).map(({ name }) => name)])
        .toSorted((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1)),
  };
};
