import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canReplace, MESSAGE_STATUSES, type MessageStatus } from '../../functions/shared/domain/status.ts';

type Next = Parameters<typeof canReplace>[0];

const anyReports = fc.array(
  fc.constantFrom<Next>('in_doubt', 'held', 'sent', 'delivered', 'read', 'played', 'failed'),
  {
    maxLength: 12,
  },
);

/** Where a status stands on the way (R13); only a proof of delivery leaves `failed`. */
const RANK: Readonly<Record<MessageStatus, number>> = {
  accepted: 0,
  in_doubt: 1,
  held: 2,
  sent: 3,
  failed: 4,
  delivered: 5,
  read: 6,
  played: 7,
};

const historyOf = (reports: readonly Next[], from: MessageStatus = 'accepted'): readonly MessageStatus[] => {
  const history = [from];
  for (const next of reports) if (canReplace(next, history.at(-1) ?? from)) history.push(next);
  return history;
};

const endOf = (reports: readonly Next[]) => historyOf(reports).at(-1);

describe('the status of a message', () => {
  it('only moves forward, whatever is reported in whatever order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MESSAGE_STATUSES), anyReports, (from, reports) => {
        const ranks = historyOf(reports, from).map((status) => RANK[status]);

        expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
      }),
    );
  });

  it('leaves failed for a proof of delivery alone', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        const [, next] = historyOf(reports, 'failed');

        expect([undefined, 'delivered', 'read', 'played']).toContain(next);
      }),
    );
  });

  it('ends with the furthest proof of delivery, whatever failed, in any order', () => {
    const furthest = (reports: readonly Next[]) =>
      (['played', 'read', 'delivered'] as const).find((proof) => reports.includes(proof));

    fc.assert(
      fc.property(anyReports, (reports) => {
        const proof = furthest(reports);
        fc.pre(proof !== undefined);

        expect(endOf(reports)).toBe(proof);
      }),
    );
  });

  it('ends the same when every report is delivered twice', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        expect(historyOf(reports.flatMap((report) => [report, report]))).toEqual(historyOf(reports));
      }),
    );
  });

  it('ends the same for every order of the reports of a message that did not fail', () => {
    const successes = fc.uniqueArray(fc.constantFrom<Next>('sent', 'delivered', 'read', 'played'), { minLength: 1 });
    const inTwoOrders = successes.chain((reports) =>
      fc.tuple(fc.constant(reports), fc.shuffledSubarray(reports, { minLength: reports.length })),
    );

    fc.assert(
      fc.property(inTwoOrders, ([one, other]) => {
        expect(endOf(one)).toBe(endOf(other));
      }),
    );
  });
});
