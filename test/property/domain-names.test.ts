import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { NameLink, ReportedName } from '../../functions/shared/domain/names.ts';
import { aPopulation } from '../support/persons.ts';

const W1 = CustomerKey.parse('+15550000001');
const W2 = CustomerKey.parse('+15550000002');
const W3 = CustomerKey.parse('+15550000003');
const CRM = CustomerKey.parse('+15550000109');
const [U1, U2, U3] = ['US.1', 'US.2', 'US.3'].map((name) => CustomerKey.parse(name)) as [
  CustomerKey,
  CustomerKey,
  CustomerKey,
];

const number = (name: CustomerKey): ReportedName => ({ name, kind: 'wa_id' });
const user = (name: CustomerKey): ReportedName => ({ name, kind: 'user_id' });
const aLink = (at: number, names: readonly ReportedName[], replaced?: readonly ReportedName[]): NameLink => ({
  channel: 'support',
  names,
  replaced,
  at,
  learnedFrom: 'message',
});

/** All that a provider may report of one person who changes their number twice; contradicts itself nowhere. */
const REPORTS: readonly NameLink[] = [
  aLink(10, [number(W1), user(U1)]),
  aLink(20, [{ name: CRM, kind: 'number' }, number(W1)]),
  aLink(100, [number(W2)], [number(W1)]),
  aLink(101, [number(W2), user(U2)]),
  aLink(102, [user(U2)], [user(U1)]),
  aLink(200, [number(W3), user(U3)], [number(W2), user(U2)]),
  aLink(210, [number(W3), user(U3)]),
];

const linkAll = (links: readonly NameLink[]) => {
  const people = aPopulation();
  for (const link of links) people.link(link);
  return people;
};

describe('the names of a person', () => {
  it('lead to the same canonical name in every order of the reports, however often each comes', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...REPORTS], { minLength: REPORTS.length }),
        fc.array(fc.constantFrom(...REPORTS), { maxLength: 8 }),
        (ordered, repeated) => {
          const people = linkAll([...ordered, ...repeated]);

          expect(people.shape()).toEqual(linkAll(REPORTS).shape());
          expect(people.canonicalOf(U1)).toBe(W3);
        },
      ),
    );
  });

  it('tell who had a number when, in whatever order it is reported', () => {
    const reports = [U1, U2, U3].flatMap((owner, index) =>
      [10, 15].map((second) => aLink(100 * index + second, [number(W1), user(owner)])),
    );
    fc.assert(
      fc.property(
        fc.shuffledSubarray(reports, { minLength: reports.length }),
        fc.array(fc.constantFrom(...reports), { maxLength: 4 }),
        (ordered, repeated) => {
          expect(linkAll([...ordered, ...repeated]).ownersOf(W1)).toEqual([
            { userId: U1, ownedFrom: undefined, ownedUntil: 110, previousOwner: undefined },
            { userId: U2, ownedFrom: 110, ownedUntil: 210, previousOwner: U1 },
            { userId: U3, ownedFrom: 210, ownedUntil: undefined, previousOwner: U2 },
          ]);
        },
      ),
    );
  });

  it('are each one person’s, whatever is reported', () => {
    const name = fc.constantFrom(number(W1), number(W2), number(W3), user(U1), user(U2), user(U3));
    const report = fc
      .record({ at: fc.nat(50), one: name, other: name, isChange: fc.boolean() })
      .filter(({ one, other }) => one.name !== other.name)
      .map(({ at, one, other, isChange }) => (isChange ? aLink(at, [one], [other]) : aLink(at, [one, other])));
    fc.assert(
      fc.property(fc.array(report, { maxLength: 20 }), (links) => {
        const people = linkAll(links);

        const owned = people.shape().flatMap(([, names]) => names);
        expect(new Set(owned).size).toBe(owned.length);
        for (const [canonical, names] of people.shape()) expect(names).toContain(canonical);
      }),
      {
        examples: [
          // A number that comes back to one who had it before, and a late report of a third person between.
          [
            [
              aLink(0, [user(U3), number(W2)]),
              aLink(1, [number(W2)], [number(W1)]),
              aLink(0, [user(U3), number(W1)]),
              aLink(0, [user(U1), number(W2)]),
            ],
          ],
        ],
      },
    );
  });
});
