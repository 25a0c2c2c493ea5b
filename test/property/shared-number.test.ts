import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { ownName } from '../../functions/shared/domain/names.ts';
import { ownerAt } from '../../functions/shared/store/customer/identities.ts';
import { linkNames } from '../../functions/shared/store/customer/link-names.ts';
import { anArrival, CHANNEL, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { aTableInMemory } from '../support/table.ts';

const W = CustomerKey.parse('+16505551234');
const OWNERS = ['US.1', 'US.2'].map((name) => CustomerKey.parse(name));
const STEP = 100;
/** Before the first report, and after the last one. */
const SPAN = 140 * STEP;
const FIRST = 100 * STEP;

/** What a provider says of the number, and how late. */
interface Report {
  readonly kind: 'message' | 'status';
  /** Whose the number is by it; of a message it may say nothing. */
  readonly owner: 0 | 1 | undefined;
  readonly gap: number;
  readonly lateness: number;
}

const report: fc.Arbitrary<Report> = fc.record({
  kind: fc.constantFrom('message', 'status'),
  owner: fc.constantFrom(undefined, 0, 1),
  gap: fc.nat(4),
  lateness: fc.oneof(fc.constant(0), fc.nat(29)),
});

const said = (kind: Report['kind'], owner: Report['owner'], gap: number, lateness = 0): Report => ({
  kind,
  owner,
  gap,
  lateness,
});

const play = async (reports: readonly Report[]) => {
  const table = aTableInMemory();
  let clock = FIRST;
  for (const [index, { kind, owner, gap, lateness }] of reports.entries()) {
    clock += gap * STEP;
    const [now, second] = [secondsAfterNoon(clock), clock - lateness * STEP];
    const userId = owner === undefined ? undefined : OWNERS[owner];
    if (kind === 'message')
      await table.store.recordInbound(
        anArrival({ at: secondsAfterNoon(second), now, id: `wamid.${index}`, identities: { phone: W, userId } }),
      );
    else if (userId !== undefined) {
      const names = [ownName(W), ownName(userId)];
      await linkNames(table, {
        link: { channel: CHANNEL, names, at: NOON_SECONDS + second, learnedFrom: 'status' },
        now,
      });
    }
  }
  return table;
};

it('a number that goes back and forth between two people has one owner at each second, however late it is reported', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(report, { maxLength: 6 }), async (reports) => {
      const table = await play(reports);

      for (const name of [W, ...OWNERS])
        for (let second = 0; second < SPAN; second += STEP)
          expect([W, ...OWNERS]).toContain(
            (await ownerAt(table, CHANNEL, { name, second: NOON_SECONDS + second })).customer,
          );
    }),
    {
      numRuns: 50,
      examples: [
        // The one of whom a late report says that they had it first loses it again.
        [[said('message', 1, 4), said('message', 0, 4), said('status', 0, 0, 28), said('message', 1, 4)]],
        // Three times in one second.
        [[said('message', 1, 5), said('message', 0, 2), said('status', 1, 0), said('message', 0, 0)]],
        // And once more later.
        [
          [
            said('message', 1, 5),
            said('message', 0, 2),
            said('status', 1, 0),
            said('message', 0, 0),
            said('message', 1, 2),
          ],
        ],
      ],
    },
  );
});
