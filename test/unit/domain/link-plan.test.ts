import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { MAX_NAMES } from '../../../functions/shared/domain/link-plan.ts';
import type { NameLink, ReportedName } from '../../../functions/shared/domain/names.ts';
import { aPopulation } from '../../support/persons.ts';

const [W1, W2, CRM] = ['+15550000001', '+15550000002', '+15550000109'].map((name) => CustomerKey.parse(name)) as [
  CustomerKey,
  CustomerKey,
  CustomerKey,
];
const [U1, U2] = ['US.1', 'US.2'].map((name) => CustomerKey.parse(name)) as [CustomerKey, CustomerKey];

const number = (name: CustomerKey): ReportedName => ({ name, kind: 'wa_id' });
const spelling = (name: CustomerKey): ReportedName => ({ name, kind: 'number' });
const user = (name: CustomerKey): ReportedName => ({ name, kind: 'user_id' });
const aLink = (at: number, names: readonly ReportedName[], replaced?: readonly ReportedName[]): NameLink => ({
  channel: 'support',
  names,
  replaced,
  at,
  learnedFrom: 'message',
});

describe('the canonical name', () => {
  it('is WhatsApp’s number before another spelling before a user id', () => {
    const people = aPopulation();

    people.link(aLink(1, [user(U1), spelling(CRM)]));
    expect(people.canonicalOf(U1)).toBe(CRM);

    people.link(aLink(2, [spelling(CRM), number(W1)]));
    expect([U1, CRM, W1].map(people.canonicalOf)).toEqual([W1, W1, W1]);
  });

  it('is the number that the person changed to last, also back to the first', () => {
    const people = aPopulation();

    people.link(aLink(10, [number(W2)], [number(W1)]));
    expect(people.canonicalOf(W1)).toBe(W2);

    people.link(aLink(20, [number(W1)], [number(W2)]));
    expect(people.canonicalOf(W2)).toBe(W1);
  });

  it('is the user id in use where the number was given up and the next one is unknown', () => {
    const people = aPopulation();

    people.link(aLink(1, [number(W1), user(U1)]));
    people.link(aLink(10, [user(U2)], [user(U1), number(W1)]));

    expect(people.canonicalOf(W1)).toBe(U2);
  });
});

describe('a link', () => {
  it('that is known changes nothing', () => {
    const people = aPopulation();
    people.link(aLink(1, [number(W1), user(U1)]));

    expect(people.link(aLink(5, [number(W1), user(U1)]))).toBe('known');
  });

  it('of a change of number includes the user id, which changes with it', () => {
    const people = aPopulation();
    people.link(aLink(1, [number(W1), user(U1)]));
    people.link(aLink(10, [number(W2)], [number(W1)]));

    expect(people.link(aLink(11, [number(W2), user(U2)]))).toBe('planned');
    expect([W1, W2, U1, U2].map(people.canonicalOf)).toEqual([W2, W2, W2, W2]);
  });

  it('of a change whose message comes after the first with the new names', () => {
    const people = aPopulation();
    people.link(aLink(1, [number(W1), user(U1)]));
    people.link(aLink(11, [number(W2), user(U2)]));

    people.link(aLink(10, [number(W2)], [number(W1)]));

    expect([W1, W2, U1, U2].map(people.canonicalOf)).toEqual([W2, W2, W2, W2]);
  });

  it('of more names than a transaction holds is refused', () => {
    const people = aPopulation();
    const outcomes = Array.from({ length: MAX_NAMES }, (_, index) =>
      people.link(aLink(index, [number(W1), spelling(CustomerKey.parse(`+1666000${1000 + index}`))])),
    );

    expect(outcomes.slice(0, -1)).not.toContain('too_many_names');
    expect(outcomes.at(-1)).toBe('too_many_names');
  });
});

describe('a number with another user id', () => {
  it('has a new owner, with its other spellings', () => {
    const people = aPopulation();
    people.link(aLink(1, [number(W1), user(U1)]));
    people.link(aLink(2, [spelling(CRM), number(W1)]));

    expect(people.link(aLink(10, [number(W1), user(U2)]))).toBe('contradicts');

    expect([W1, CRM, U2].map(people.canonicalOf)).toEqual([W1, W1, W1]);
    expect(people.canonicalOf(U1)).toBe(U1);
    const [old] = people.personOf(U1).names.filter(({ name }) => name === W1);
    expect(old).toMatchObject({ ownedUntil: 10 });
    const [fresh] = people.personOf(U2).names.filter(({ name }) => name === W1);
    expect(fresh).toMatchObject({ ownedFrom: 10, previousOwner: U1 });
  });

  it.each([
    ['an older report', 5],
    ['a report from before it had that owner', 0],
  ])('stays with its owner after %s', (_, at) => {
    const people = aPopulation();
    people.link(aLink(10, [number(W1), user(U2)]));

    expect(people.link(aLink(at, [number(W1), user(U1)]))).toBe('outdated');
    expect([W1, U1, U2].map(people.canonicalOf)).toEqual([W1, U1, W1]);
  });

  it('of the same second has the same owner in any order', () => {
    const owners = [
      [U1, U2],
      [U2, U1],
    ].map((ids) => {
      const people = aPopulation();
      for (const id of ids) people.link(aLink(10, [number(W1), user(id)]));
      return [U1, U2, W1].map(people.canonicalOf);
    });

    expect(owners[0]).toEqual(owners[1]);
  });

  it('that a person changed to is taken from its previous owner', () => {
    const people = aPopulation();
    people.link(aLink(1, [number(W2), user(U2)]));
    people.link(aLink(2, [number(W1), user(U1)]));

    expect(people.link(aLink(10, [number(W2)], [number(W1)]))).toBe('contradicts');

    expect([U1, W1, W2].map(people.canonicalOf)).toEqual([W2, W2, W2]);
    expect(people.canonicalOf(U2)).toBe(U2);
  });
});

describe('a user id with another number', () => {
  it('belongs to the newer one, and merges no one', () => {
    const people = aPopulation();
    people.link(aLink(1, [number(W1), user(U1)]));

    expect(people.link(aLink(10, [number(W2), user(U1)]))).toBe('contradicts');

    expect([W1, W2, U1].map(people.canonicalOf)).toEqual([W1, W2, W2]);
  });
});

describe('a number that was given up', () => {
  it('is free from the next second on', () => {
    const people = aPopulation();
    people.link(aLink(10, [number(W2)], [number(W1)]));

    expect(people.release(W1, 10)).toBe('known');
    expect(people.release(W1, 11)).toBe('contradicts');
    expect([W1, W2].map(people.canonicalOf)).toEqual([W1, W2]);
    expect(people.release(W1, 12)).toBe('known');
  });

  it('is freed by a report that names it with the user id of another person', () => {
    const people = aPopulation();
    people.link(aLink(1, [number(W1), user(U1)]));
    people.link(aLink(10, [number(W2)], [number(W1)]));

    expect(people.link(aLink(20, [number(W1), user(U2)]))).toBe('contradicts');

    expect([W1, U2].map(people.canonicalOf)).toEqual([W1, W1]);
    expect([W2, U1].map(people.canonicalOf)).toEqual([W2, W2]);
  });

  it('is not freed by an older report, nor by one of its own owner', () => {
    const people = aPopulation();
    people.link(aLink(1, [number(W1), user(U1)]));
    people.link(aLink(10, [number(W2)], [number(W1)]));

    expect(people.link(aLink(20, [number(W1), user(U1)]))).toBe('known');
    expect(people.canonicalOf(W1)).toBe(W2);
  });

  it('stays free when the report of the change is delivered again', () => {
    const people = aPopulation();
    const change = aLink(10, [number(W2)], [number(W1)]);
    people.link(change);
    people.release(W1, 11);

    people.link(change);

    expect([W1, W2].map(people.canonicalOf)).toEqual([W1, W2]);
  });
});
