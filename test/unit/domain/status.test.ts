import { describe, expect, it } from 'vitest';
import { canReplace, MESSAGE_STATUSES, type MessageStatus } from '../../../functions/shared/domain/status.ts';

type Next = Parameters<typeof canReplace>[0];

/** Rule R13, written out: what each new status may replace. */
const REPLACEABLE: Readonly<Record<Next, readonly MessageStatus[]>> = {
  in_doubt: ['accepted'],
  held: ['accepted', 'in_doubt'],
  sent: ['accepted', 'in_doubt', 'held'],
  delivered: ['accepted', 'in_doubt', 'held', 'sent', 'failed'],
  read: ['accepted', 'in_doubt', 'held', 'sent', 'delivered', 'failed'],
  played: ['accepted', 'in_doubt', 'held', 'sent', 'delivered', 'read', 'failed'],
  failed: ['accepted', 'in_doubt', 'held', 'sent'],
};

const NEXT = ['in_doubt', 'held', 'sent', 'delivered', 'read', 'played', 'failed'] as const satisfies readonly Next[];

const MOVES = NEXT.flatMap((next) =>
  MESSAGE_STATUSES.map((current) => ({ current, next, moves: REPLACEABLE[next].includes(current) })),
);

describe('the status of a message', () => {
  it.each(MOVES)('$current → $next: $moves', ({ current, next, moves }) => {
    expect(canReplace(next, current)).toBe(moves);
  });

  it.each(['delivered', 'read', 'played'] as const)('stays %s when a failure is reported afterwards', (status) => {
    expect(canReplace('failed', status)).toBe(false);
  });

  it('a late sent does not revive what has failed', () => {
    expect(canReplace('sent', 'failed')).toBe(false);
  });

  it.each(['delivered', 'read', 'played'] as const)(
    'failed-then-delivered: %s proves that it did not fail',
    (proof) => {
      expect(canReplace(proof, 'failed')).toBe(true);
    },
  );

  it('takes a delivery that is reported before our own send call returned', () => {
    expect(canReplace('delivered', 'accepted')).toBe(true);
    expect(canReplace('sent', 'delivered')).toBe(false);
  });

  it('skips what a provider never reported', () => {
    expect(canReplace('read', 'sent')).toBe(true);
    expect(canReplace('played', 'sent')).toBe(true);
  });
});
