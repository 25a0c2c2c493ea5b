import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerState } from '../../functions/shared/store/customer/load-customer.ts';
import { sweepKey } from '../../functions/shared/store/due/due-entry.ts';
import { CHANNEL, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { aCustomer } from '../support/builders.ts';
import { aStoredSession, itsCustomer } from '../support/closing.ts';
import { aTableInMemory, type TestTable } from '../support/table.ts';

const HOUR = 3_600;
const DAY = 86_400;

/** Seconds after noon, many of them alike. */
const anyEnd = fc.oneof(
  fc.integer({ min: -300, max: 2 * HOUR }),
  fc.integer({ min: -2, max: 20 }).map((by) => by * 30),
  fc.integer({ min: 0, max: DAY }),
);

const anyCase = fc.record({
  /** The clock, in milliseconds after noon. */
  nowMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 299_999 })),
  withinSeconds: fc.oneof(fc.integer({ min: 1, max: 2 * HOUR }), fc.constantFrom(1, 300, HOUR, DAY)),
  limit: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(100)),
  /** How far the sweep has made the entries exact, in seconds after noon. */
  exactTo: fc.oneof(fc.constant(HOUR), fc.integer({ min: -HOUR, max: 2 * HOUR })),
  /** The end of each session, and how early its entry is beyond what is exact. */
  sessions: fc.array(fc.record({ end: anyEnd, early: fc.oneof(fc.constant(0), fc.nat(DAY)) }), { maxLength: 150 }),
});
type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

/** What the sweep has passed is exact; what it has not passed may be early. */
const entryAt = ({ end, early }: Case['sessions'][number], exactTo: number): number =>
  end <= exactTo ? end : Math.max(exactTo + 1, end - early);

/** The sessions of a channel, and those of them that must be found. */
const standing = async (table: TestTable, { nowMs, withinSeconds, sessions, exactTo }: Case) => {
  const stored = sessions.map((session, index) => ({
    channel: CHANNEL,
    customer: aCustomer(`+1650${String(5_550_000 + index)}`),
    expiresAt: NOON_SECONDS + session.end,
    dueAt: NOON_SECONDS + entryAt(session, exactTo),
  }));
  const put = (Item: object) => table.documents.send(new PutCommand({ TableName: table.tableName, Item: { ...Item } }));
  await put({ ...sweepKey('exact', CHANNEL), sweptUntil: NOON_SECONDS + exactTo });
  await put({ ...sweepKey('closed', CHANNEL), sweptUntil: NOON_SECONDS + Math.min(0, exactTo) });
  for (const session of stored) {
    await put(aStoredSession(session));
    await put(itsCustomer(session));
  }
  const nowSeconds = NOON_SECONDS + nowMs / 1000;
  const expected = stored.filter(({ expiresAt }) => expiresAt > nowSeconds && expiresAt <= nowSeconds + withinSeconds);
  return { expected, query: { channel: CHANNEL, now: secondsAfterNoon(nowMs / 1000), withinSeconds } };
};

const readPages = async (table: TestTable, query: Parameters<TestTable['store']['listClosing']>[0]) => {
  const pages: (readonly CustomerState[])[] = [];
  let after: string | undefined;
  do {
    const page = await table.store.listClosing({ ...query, after });
    pages.push(page.sessions);
    after = page.next;
  } while (after !== undefined);
  return pages;
};

const endOf = ({ session }: Pick<CustomerState, 'session'>): number => session?.expiresAt ?? Number.NaN;
const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || (numbers[index - 1] ?? Number.NaN) <= number);

describe('the pages of the sessions that close soon', () => {
  it('hold every one of them once, in order within a page, and over all pages as far as entries are exact', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (some) => {
        const table = aTableInMemory();
        const { expected, query } = await standing(table, some);

        const pages = await readPages(table, { ...query, limit: some.limit });

        const found = pages.flat().map((facts) => ({ customer: facts.customer, expiresAt: endOf(facts) }));
        const byName = (one: { customer: string }, other: { customer: string }) =>
          one.customer < other.customer ? -1 : 1;
        expect(found.toSorted(byName)).toEqual(
          expected.map(({ customer, expiresAt }) => ({ customer, expiresAt })).toSorted(byName),
        );
        expect(pages.every((page) => isAscending(page.map(endOf)))).toBe(true);
        const exact = found.map(({ expiresAt }) => expiresAt).filter((end) => end <= NOON_SECONDS + some.exactTo);
        expect(isAscending(exact)).toBe(true);
        expect(pages.slice(0, -1).every((page) => page.length === some.limit)).toBe(true);
        expect(pages.length).toBe(Math.max(1, Math.ceil(expected.length / some.limit)));
      }),
      { numRuns: 200 },
    );
  });

  it('are as many sessions as are counted', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (some) => {
        const table = aTableInMemory();
        const { expected, query } = await standing(table, some);

        expect(await table.store.countClosing(query)).toBe(expected.length);
      }),
      { numRuns: 200 },
    );
  });
});
