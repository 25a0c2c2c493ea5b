import type { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { planLink, planRelease } from '../../functions/shared/domain/link-plan.ts';
import { isOwned, type NameLink, type Person } from '../../functions/shared/domain/names.ts';

/** Applies plans to persons in memory, as the store does to the table. */
export const aPopulation = () => {
  let persons: readonly Person[] = [];
  const owns = (person: Person, name: CustomerKey) =>
    person.canonical === name || person.names.some((one) => isOwned(one) && one.name === name);
  const personOf = (name: CustomerKey): Person =>
    persons.find((person) => owns(person, name)) ?? { canonical: name, names: [] };
  const apply = (before: readonly Person[], plan: ReturnType<typeof planLink>) => {
    if (plan.kind === 'planned')
      persons = [
        ...persons.filter((person) => !before.some(({ canonical }) => canonical === person.canonical)),
        ...plan.persons,
      ];
    return plan.kind === 'planned' && plan.contradicts ? 'contradicts' : plan.kind;
  };
  return {
    link: (link: NameLink) => {
      const names = [...link.names, ...(link.replaced ?? [])].map(({ name }) => name);
      const before = [...new Map(names.map(personOf).map((person) => [person.canonical, person])).values()];
      return apply(before, planLink(before, link));
    },
    release: (name: CustomerKey, at: number) => {
      const before = personOf(name);
      return apply([before], planRelease(before, name, at));
    },
    personOf,
    canonicalOf: (name: CustomerKey) => personOf(name).canonical,
    /** Who is one person: the canonical names with all that lead to them. */
    shape: () =>
      persons
        .map(({ canonical, names }) => [canonical, names.filter(isOwned).map(({ name }) => name)])
        .toSorted((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1)),
  };
};
