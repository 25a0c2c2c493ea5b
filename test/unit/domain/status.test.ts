import { describe, expect, it } from 'vitest';
import { canReplace, MESSAGE_STATUSES, type MessageStatus } from '../../../functions/shared/domain/status.ts';

type Next = Parameters<typeof canReplace>[0];

/** Rule R13, written out: what each new status may replace. */
const REPLACEABLE: Readonly<Record<Next, readonly MessageStatus[]>> = {
  in_doubt: ['accepted'],
  sent: ['accepted', 'in_doubt'],
  delivered: ['accepted', 'in_doubt', 'sent'],
  read: ['accepted', 'in_doubt', 'sent', 'delivered'],
  played: ['accepted', 'in_doubt', 'sent', 'delivered', 'read'],
  failed: ['accepted', 'in_doubt', 'sent'],
};

const NEXT = ['in_doubt', 'sent', 'delivered', 'read', 'played', 'failed'] as const satisfies readonly Next[];

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

  it.each(['sent', 'delivered', 'read', 'played'] as const)('a late %s does not revive what has failed', (late) => {
    expect(canReplace(late, 'failed')).toBe(false);
  });

  it('takes a delivery that is reported before our own send call returned', () => {
    expect(canReplace('delivered', 'accepted')).toBe(true);
    expect(canReplace('sent', 'delivered')).toBe(false);
  });

  it('skips what a provider never reported', () => {
    expect(canReplace('read', 'sent')).toBe(true);
    expect(canReplace('played', 'sent')).toBe(true);
  });
});
