import { describe, expect, it } from 'vitest';
import { errorChange, keywordChange, supersedes, UNKNOWN_CONSENT } from '../../../functions/shared/domain/consent.ts';
import type { InboundContent, InboundMessage } from '../../../functions/shared/domain/inbound.ts';
import { anArrival } from '../../support/arrivals.ts';
import { aConsent, NOW, NOW_SECONDS } from '../../support/builders.ts';
import { aMetaChannel } from '../../support/meta.ts';

const channel = aMetaChannel();
const aMessage = (overrides: Partial<InboundMessage>) => anArrival(overrides).message;

describe('a change of consent', () => {
  const stored = aConsent('opted_in', NOW_SECONDS);

  it.each([
    ['opted_out', 1, true],
    ['opted_in', 1, true],
    ['opted_out', -1, false],
    ['opted_in', -1, false],
  ] as const)('%s, %i s after the stored one, takes its place: %s', (state, later, wins) => {
    expect(supersedes({ state, effectiveAt: NOW_SECONDS + later }, stored)).toBe(wins);
    expect(supersedes({ state, effectiveAt: NOW_SECONDS + later }, aConsent('opted_out', NOW_SECONDS))).toBe(wins);
  });

  it('of the same second takes its place only when it is stricter', () => {
    const [out, back] = [aConsent('opted_out', NOW_SECONDS), aConsent('opted_in', NOW_SECONDS)];

    expect(supersedes({ state: 'opted_out', effectiveAt: NOW_SECONDS }, back)).toBe(true);
    expect(supersedes({ state: 'opted_in', effectiveAt: NOW_SECONDS }, out)).toBe(false);
    expect(supersedes({ state: 'opted_out', effectiveAt: NOW_SECONDS }, out)).toBe(false);
    expect(supersedes({ state: 'opted_in', effectiveAt: NOW_SECONDS }, back)).toBe(false);
  });

  it('takes the place of nothing known', () => {
    expect(supersedes({ state: 'opted_in', effectiveAt: NOW_SECONDS }, UNKNOWN_CONSENT)).toBe(true);
  });
});

describe('a message of the customer', () => {
  const said = (content: InboundContent) => keywordChange(aMessage({ content }), channel);

  it('that is a keyword changes the consent at its own whole second, in the customer’s own words', () => {
    const message = aMessage({
      providerAtMs: NOW.getTime() + 999,
      content: { type: 'text', text: ' Stop ' },
    });

    expect(keywordChange(message, channel)).toEqual({
      id: message.id,
      scope: 'all',
      state: 'opted_out',
      effectiveAt: NOW_SECONDS,
      source: 'keyword',
      actor: 'customer',
      text: 'Stop',
    });
  });

  it.each<InboundContent>([
    { type: 'button', text: 'Stop', payload: 'promotions-off' },
    { type: 'button_reply', id: 'b1', title: 'STOP' },
    { type: 'list_reply', id: 'r1', title: 'Stop' },
    { type: 'choice', messageId: '01M', title: 'Stop', payload: '01M_Stop' },
    { type: 'flow_reply', body: 'Stop', response: {} },
  ])('tap-stop: that is a tap counts by its label: $type', (content) => {
    expect(said(content)).toMatchObject({ scope: 'all', state: 'opted_out' });
  });

  it.each<InboundContent>([
    { type: 'text', text: 'Stop promotions' },
    { type: 'button', text: 'Stop promotions', payload: 'Stop promotions' },
    { type: 'choice', messageId: '01M', title: 'Stop promotions', payload: '01M_Stop promotions' },
  ])('tap-stop-promotions: that is WhatsApp’s own button stops marketing alone: $type', (content) => {
    expect(said(content)).toMatchObject({ scope: 'marketing', state: 'opted_out', source: 'keyword' });
  });

  const taps = (label: string): readonly InboundContent[] => [
    { type: 'button', text: label, payload: 'p' },
    { type: 'button_reply', id: 'b1', title: label },
    { type: 'list_reply', id: 'r1', title: label },
    { type: 'choice', messageId: '01M', title: label, payload: `01M_${label}` },
    { type: 'flow_reply', body: label, response: {} },
  ];

  it.each(taps('Start'))('tap-start: that is a tap never opts in: $type', (content) => {
    expect(said(content)).toBeUndefined();
  });

  it.each([...taps('Cancel'), ...taps('End')])('tap-cancel, tap-quick-reply-end: changes nothing: $type', (content) => {
    expect(said(content)).toBeUndefined();
  });

  it.each<InboundContent>([
    { type: 'button', text: 'No more offers', payload: 'STOP' },
    { type: 'button_reply', id: 'STOP', title: 'No more offers' },
    { type: 'choice', payload: 'STOP' },
    { type: 'choice', messageId: '01M', payload: 'STOP' },
    { type: 'flow_reply', name: 'STOP', body: 'Sent', response: 'STOP' },
    { type: 'button', payload: 'STOP' },
    { type: 'image', mediaId: '1', caption: 'STOP' },
    { type: 'reaction', messageId: 'wamid.1', emoji: '🛑' },
    { type: 'text', text: 'When does the sale stop?' },
  ])('changes nothing by what the customer did not write: $type', (content) => {
    expect(said(content)).toBeUndefined();
  });

  it('changes nothing when it is written in a group', () => {
    const message = aMessage({ content: { type: 'text', text: 'STOP' }, groupId: 'g1' });

    expect(keywordChange(message, channel)).toBeUndefined();
  });
});

describe('a provider’s error', () => {
  it('131050 stops marketing at the time of the report', () => {
    expect(errorChange({ messageId: 'wamid.1', code: '131050', atMs: NOW.getTime() + 1 })).toEqual({
      id: 'wamid.1:131050',
      scope: 'marketing',
      state: 'opted_out',
      effectiveAt: NOW_SECONDS,
      source: 'provider_error',
      actor: 'provider',
    });
  });

  it.each(['131049', '131047', 'RECIPIENT_NOT_OPTED_IN'])('%s says nothing of the consent', (code) => {
    expect(errorChange({ messageId: 'wamid.1', code, atMs: NOW.getTime() })).toBeUndefined();
  });
});
