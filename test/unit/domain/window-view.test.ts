import { describe, expect, it } from 'vitest';
import { toWindowView, WindowView } from '../../../functions/shared/domain/window-view.ts';
import {
  aConsent,
  aCustomer,
  aSession,
  aSessionEndingIn,
  type FactsOverrides,
  facts,
  NOW_SECONDS,
} from '../../support/builders.ts';

const viewOf = (overrides: FactsOverrides) =>
  toWindowView('support', { customer: aCustomer(), names: [] }, facts(overrides));

describe('the window as the API shows it', () => {
  it('shows an open window with its true end', () => {
    const session = aSession({ openedAt: NOW_SECONDS - 7200, lastInboundAt: NOW_SECONDS - 3600 });

    expect(viewOf({ session })).toEqual({
      entryPoint: null,
      owner: null,
      channel: 'support',
      customer: '+15550783881',
      names: [{ name: '+15550783881', kind: 'number', since: null, learnedFrom: null }],
      state: 'open',
      openedAt: '2026-11-20T07:00:00.000Z',
      lastInboundAt: '2026-11-20T08:00:00.000Z',
      expiresAt: '2026-11-21T08:00:00.000Z',
      remainingSeconds: 82_800,
      allowed: ['session', 'template'],
      consent: { state: 'unknown' },
      reengagement: { available: true },
      nextAction: 'none',
    });
  });

  it('shows a closed window with nothing remaining and the way on', () => {
    expect(viewOf({ session: aSessionEndingIn(0), customer: { consent: aConsent('opted_in') } })).toMatchObject({
      state: 'closed',
      openedAt: '2026-11-19T09:00:00.000Z',
      lastInboundAt: '2026-11-19T09:00:00.000Z',
      expiresAt: '2026-11-20T09:00:00.000Z',
      remainingSeconds: 0,
      allowed: ['template'],
      consent: { state: 'opted_in' },
      nextAction: 'send_template',
    });
  });

  it('shows a customer never seen as closed', () => {
    expect(viewOf({ session: undefined })).toMatchObject({
      state: 'closed',
      openedAt: null,
      lastInboundAt: null,
      expiresAt: null,
      remainingSeconds: 0,
      allowed: [],
      reengagement: { available: true },
      nextAction: 'collect_opt_in',
    });
  });

  it('shows the true end inside the margin, though no session message may go', () => {
    expect(viewOf({ session: aSessionEndingIn(10) })).toMatchObject({
      state: 'open',
      expiresAt: '2026-11-20T09:00:10.000Z',
      remainingSeconds: 10,
      allowed: ['template'],
      nextAction: 'send_template',
    });
  });

  it('shows a session that the provider closed as closed', () => {
    const session = aSession({ providerClosedFor: NOW_SECONDS - 3600 });

    expect(viewOf({ session })).toMatchObject({ state: 'closed', remainingSeconds: 0, allowed: [] });
  });

  it('shows a message that came too late to open anything by the record that outlives the window', () => {
    const late = NOW_SECONDS - 30 * 3600;

    expect(viewOf({ session: undefined, customer: { lastOpenedAt: late } })).toMatchObject({
      state: 'closed',
      openedAt: null,
      lastInboundAt: '2026-11-19T03:00:00.000Z',
      expiresAt: '2026-11-20T03:00:00.000Z',
      remainingSeconds: 0,
    });
  });

  it('shows the newer of what session and record know', () => {
    const ended = aSessionEndingIn(-100_000);
    const newer = ended.lastInboundAt + 5_000;

    expect(viewOf({ session: ended, customer: { lastOpenedAt: newer } }).lastInboundAt).toBe(
      new Date(newer * 1000).toISOString(),
    );
    expect(viewOf({ session: ended, customer: { lastOpenedAt: ended.openedAt - 5_000 } }).lastInboundAt).toBe(
      new Date(ended.lastInboundAt * 1000).toISOString(),
    );
  });

  it('shows a customer who opted out as one to whom nothing may go', () => {
    expect(viewOf({ customer: { consent: aConsent('opted_out', NOW_SECONDS) } })).toMatchObject({
      state: 'open',
      allowed: [],
      consent: { state: 'opted_out' },
      nextAction: 'none',
    });
  });

  it('shows that the slot is used', () => {
    const slot = { usedAt: NOW_SECONDS - 60, holders: ['msg_1'] };

    expect(viewOf({ session: undefined, customer: { consent: aConsent('opted_in'), slot } })).toMatchObject({
      reengagement: { available: false },
      allowed: [],
      nextAction: 'wait_for_customer',
    });
  });

  it('is of the documented shape', () => {
    const view = viewOf({});

    expect(WindowView.strict().parse(view)).toEqual(view);
  });
});
