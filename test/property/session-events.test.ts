import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phaseAt } from '../../functions/shared/domain/window.ts';
import { sessionEvents } from '../../functions/shared/events/session-events.ts';
import type { SessionItem } from '../../functions/shared/store/items.ts';
import { aSessionChange, aSessionItem } from '../support/changes.ts';

const LEAD = 3_600;
const DAY = 86_400;

type Step = readonly ['message' | 'sweep' | 'delete' | 'provider', number];

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.tuple(fc.constantFrom('message', 'message', 'sweep', 'delete', 'provider'), fc.integer({ min: 0, max: 30_000 })),
  { maxLength: 40 },
);

/** What the service writes at a step, as its conditions allow. */
const write = (now: number, [kind]: Step, session: SessionItem | undefined): SessionItem | undefined => {
  if (kind === 'message') {
    const window = { lastInboundAt: now, expiresAt: now + DAY, phase: 'open' } as const;
    const isSame = session !== undefined && session.expiresAt > now && session.phase !== 'closed';
    return isSame ? { ...session, ...window } : aSessionItem({ sessionId: `ses_${now}`, openedAt: now, ...window });
  }
  if (session === undefined) return undefined;
  if (kind === 'delete') return session.expiresAt <= now ? undefined : session;
  if (session.phase === 'closed') return session;
  if (kind === 'provider') return { ...session, phase: 'closed', closedAt: now };
  return { ...session, phase: phaseAt(session.expiresAt, LEAD, new Date(now * 1_000)) };
};

const live = (taken: readonly Step[]) => {
  let session: SessionItem | undefined;
  let now = 1_800_000_000;
  const told: { type: string; id: string; sessionId: string; end: string }[] = [];
  const run = (step: Step) => {
    now += step[1] + 1;
    const after = write(now, step, session);
    if (after === session) return;
    for (const { type, detail, identity } of sessionEvents(aSessionChange(session, after), LEAD))
      told.push({ type, id: `${type} ${identity.join()}`, sessionId: detail.sessionId, end: detail.data.expiresAt });
    session = after;
  };
  for (const step of taken) run(step);
  run(['sweep', 2 * DAY]);
  return told;
};

describe('the events of a session', () => {
  it('open once, close once, and announce the end that came once, whichever writer came first', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const told = live(taken);
        for (const sessionId of new Set(told.map((event) => event.sessionId))) {
          const mine = told.filter((event) => event.sessionId === sessionId);
          const types = mine.map(({ type }) => type);
          expect(types[0]).toBe('session.opened');
          expect(types.slice(-2)).toEqual(['session.closing', 'session.closed']);
          expect(types.filter((type) => type === 'session.opened')).toHaveLength(1);
          expect(types.filter((type) => type === 'session.closed')).toHaveLength(1);
          expect(mine.at(-2)?.end).toBe(mine.at(-1)?.end);
        }
        expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
      }),
    );
  });

  it('never open the next session before the last one has closed', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        let isOpen = false;
        for (const { type } of live(taken)) {
          if (type === 'session.closing') continue;
          expect(type).toBe(isOpen ? 'session.closed' : 'session.opened');
          isOpen = !isOpen;
        }
        expect(isOpen).toBe(false);
      }),
    );
  });
});
