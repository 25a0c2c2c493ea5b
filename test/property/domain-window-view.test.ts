import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideSend } from '../../functions/shared/domain/send-decision.ts';
import { toWindowView, WindowView } from '../../functions/shared/domain/window-view.ts';
import { anyFacts } from '../support/arbitraries.ts';
import { aCustomer } from '../support/builders.ts';

const CUSTOMER = aCustomer();

describe('the window as the API shows it', () => {
  it('promises exactly what a send would be answered at this moment', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const view = toWindowView('support', { customer: CUSTOMER, names: [] }, facts);
        const session = decideSend(facts, { kind: 'session' });
        const template = decideSend(facts, { kind: 'template', purpose: 'reengagement' });

        expect(view.allowed.includes('session')).toBe(session.allowed);
        expect(view.allowed.includes('template')).toBe(template.allowed);
        expect(view.nextAction).toBe(session.allowed ? 'none' : session.nextAction);
      }),
    );
  });

  it('has time remaining exactly while it is open, and allows a session message in no other state', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { state, remainingSeconds, allowed } = toWindowView('support', { customer: CUSTOMER, names: [] }, facts);

        expect(remainingSeconds > 0).toBe(state === 'open');
        if (allowed.includes('session')) expect(state).toBe('open');
      }),
    );
  });

  it('ends 24 hours after the last message it shows', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { lastInboundAt, expiresAt } = toWindowView('support', { customer: CUSTOMER, names: [] }, facts);

        if (lastInboundAt === null) expect(expiresAt).toBeNull();
        else expect(Date.parse(expiresAt ?? '') - Date.parse(lastInboundAt)).toBe(86_400_000);
      }),
    );
  });

  it('is of the documented shape for all facts', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const view = toWindowView('support', { customer: CUSTOMER, names: [] }, facts);

        expect(WindowView.strict().parse(view)).toEqual(view);
      }),
    );
  });
});
