import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CustomerState } from '../../../../functions/shared/store/customer/load-customer.ts';
import { NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { aCustomer } from '../../../support/builders.ts';
import { aStoredSession, itsCustomer, putAll } from '../../../support/closing.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

const BUCKET_SECONDS = 300;

let table: TestTable;
beforeAll(async () => {
  table = await aTable(dynamoDbEndpoint());
});

/** Seconds after noon, dense around now and where buckets meet. */
const anyEnd = fc.oneof(
  fc.integer({ min: -BUCKET_SECONDS, max: 8 * BUCKET_SECONDS }),
  fc
    .integer({ min: -1, max: 6 })
    .chain((bucket) => fc.integer({ min: -2, max: 2 }).map((by) => bucket * BUCKET_SECONDS + by)),
  fc.constant(150),
);

const anyCase = fc.record({
  /** The clock, in milliseconds after noon. */
  nowMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 299_999 })),
  withinSeconds: fc.oneof(
    fc.integer({ min: 1, max: 7 * BUCKET_SECONDS }),
    fc.constantFrom(1, BUCKET_SECONDS, 2 * BUCKET_SECONDS, 24 * BUCKET_SECONDS),
  ),
  limit: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(100)),
  ends: fc.array(anyEnd, { maxLength: 60 }),
});
type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

let channels = 0;

/** The sessions of a channel of their own, and those of them that must be found. */
const standing = async ({ nowMs, withinSeconds, ends }: Case) => {
  channels += 1;
  const channel = `channel-${channels}`;
  const sessions = ends.map((end, index) => ({
    channel,
    customer: aCustomer(`+1650${String(5_550_000 + index)}`),
    expiresAt: NOON_SECONDS + end,
  }));
  await putAll(
    table,
    sessions.flatMap((session) => [aStoredSession(session), itsCustomer(session)]),
  );
  const nowSeconds = NOON_SECONDS + nowMs / 1000;
  const expected = sessions.filter(
    ({ expiresAt }) => expiresAt > nowSeconds && expiresAt <= nowSeconds + withinSeconds,
  );
  return { channel, expected, query: { channel, now: secondsAfterNoon(nowMs / 1000), withinSeconds } };
};

const readPages = async (query: Parameters<TestTable['store']['listClosing']>[0]) => {
  const pages: (readonly CustomerState[])[] = [];
  let after: string | undefined;
  do {
    const page = await table.store.listClosing({ ...query, after });
    pages.push(page.sessions);
    after = page.next;
  } while (after !== undefined);
  return pages;
};

const endOf = ({ session }: CustomerState): number => session?.expiresAt ?? Number.NaN;
const bucketOf = (facts: CustomerState): number => Math.floor(endOf(facts) / BUCKET_SECONDS);
const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || (numbers[index - 1] ?? Number.NaN) <= number);

describe('the pages of the sessions that close soon', () => {
  it('hold every one of them once, exactly ordered within a page, by due bucket over all pages', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (some) => {
        const { expected, query } = await standing(some);

        const pages = await readPages({ ...query, limit: some.limit });

        const found = pages.flat().map((facts) => ({ customer: facts.customer, expiresAt: endOf(facts) }));
        const byName = (one: { customer: string }, other: { customer: string }) =>
          one.customer < other.customer ? -1 : 1;
        expect(found.toSorted(byName)).toEqual(
          expected.map(({ customer, expiresAt }) => ({ customer, expiresAt })).toSorted(byName),
        );
        expect(pages.every((page) => isAscending(page.map(endOf)))).toBe(true);
        expect(isAscending(pages.flat().map(bucketOf))).toBe(true);
        expect(pages.slice(0, -1).every((page) => page.length === some.limit)).toBe(true);
        expect(pages.length).toBe(Math.max(1, Math.ceil(expected.length / some.limit)));
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('are as many sessions as are counted', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (some) => {
        const { expected, query } = await standing(some);

        expect(await table.store.countClosing(query)).toBe(expected.length);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
