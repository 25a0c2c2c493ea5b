import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideSend, type SendFacts } from '../../functions/shared/domain/send-decision.ts';
import { isOpen } from '../../functions/shared/domain/window.ts';
import { anyFacts, anyInstant, anyIntent } from '../support/arbitraries.ts';

const SESSION = { kind: 'session' } as const;
const REENGAGEMENT = { kind: 'template', purpose: 'reengagement' } as const;

const isBlocked = ({ customer: { consent }, session }: SendFacts): boolean =>
  consent.state === 'opted_out' && (session === undefined || session.lastInboundAt <= consent.effectiveAt);

describe('the send decision', () => {
  it('lets a session message go exactly when now + margin < expiresAt, the provider has not closed it and consent does not block it', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { session, now, policy } = facts;
        const inTime =
          session !== undefined &&
          now.getTime() + policy.sendMarginSeconds * 1000 < session.expiresAt * 1000 &&
          session.providerClosedFor !== session.lastInboundAt;

        expect(decideSend(facts, SESSION).allowed).toBe(inTime && !isBlocked(facts));
      }),
    );
  });

  it('refuses every template to a customer who has opted out', () => {
    fc.assert(
      fc.property(
        anyFacts,
        anyInstant,
        fc.constantFrom('reengagement', 'notification'),
        (facts, effectiveAt, purpose) => {
          const optedOut: SendFacts = {
            ...facts,
            customer: { ...facts.customer, consent: { state: 'opted_out', effectiveAt } },
          };

          expect(decideSend(optedOut, { kind: 'template', purpose })).toMatchObject({
            allowed: false,
            code: 'opted_out',
          });
        },
      ),
    );
  });

  it('uses the slot only for a re-engagement outside the window', () => {
    fc.assert(
      fc.property(anyFacts, anyIntent, (facts, intent) => {
        const decision = decideSend(facts, intent);
        const takesSlot = decision.allowed && decision.usesReengagement;

        if (takesSlot) expect(intent).toEqual(REENGAGEMENT);
        if (takesSlot) expect(isOpen(facts.session, facts.now)).toBe(false);
        if (decision.allowed && isOpen(facts.session, facts.now)) expect(takesSlot).toBe(false);
      }),
    );
  });

  it('is not moved by anything the business does: a spent slot never lets more go, nor a session message change', () => {
    fc.assert(
      fc.property(anyFacts, anyIntent, anyInstant, (facts, intent, usedAt) => {
        const untouched: SendFacts = { ...facts, customer: { ...facts.customer, slot: undefined } };
        const spent: SendFacts = {
          ...facts,
          customer: { ...facts.customer, slot: { usedAt, holders: ['a', 'b', 'c', 'd'] } },
        };

        if (decideSend(spent, intent).allowed) expect(decideSend(untouched, intent).allowed).toBe(true);
        expect(decideSend(spent, SESSION).allowed).toBe(decideSend(untouched, SESSION).allowed);
      }),
    );
  });

  it('never lets a session message go to a customer without a session, whatever else is known', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(decideSend({ ...facts, session: undefined }, SESSION).allowed).toBe(false);
      }),
    );
  });

  it('is the same each time, and leaves its facts as they were', () => {
    fc.assert(
      fc.property(anyFacts, anyIntent, (facts, intent) => {
        const before = structuredClone(facts);

        expect(decideSend(facts, intent)).toEqual(decideSend(facts, intent));
        expect(facts).toEqual(before);
      }),
    );
  });

  it('names send_template only when a re-engagement would go at this moment', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const decision = decideSend(facts, SESSION);
        const named = !decision.allowed && decision.nextAction === 'send_template';

        if (named) expect(decideSend(facts, REENGAGEMENT).allowed).toBe(true);
        if (!decision.allowed && decision.code === 'window_closed')
          expect(named).toBe(decideSend(facts, REENGAGEMENT).allowed);
      }),
    );
  });

  it('gives every refusal a sentence', () => {
    fc.assert(
      fc.property(anyFacts, anyIntent, (facts, intent) => {
        const decision = decideSend(facts, intent);

        if (!decision.allowed) expect(decision.detail).toMatch(/^[A-Z].*\.$/);
      }),
    );
  });
});
