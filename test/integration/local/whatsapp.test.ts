import { describe, expect, it } from 'vitest';
import { Channel } from '../../../functions/shared/domain/config.ts';
import { readWebhook as readMetaWebhook } from '../../../infra/local/simulator/meta/read-webhook.ts';
import { readWebhook as readSinchWebhook } from '../../../infra/local/simulator/sinch/read-webhook.ts';
import { createWhatsApp } from '../../../infra/local/simulator/whatsapp.ts';
import { aMetaWebhook } from '../../support/local.ts';

const WROTE = Date.parse('2026-11-20T12:00:00.000Z');
const BUSINESS = '106540352242922';
const HOUR = 3_600_000;

/** WhatsApp's record some time after the customer wrote. */
const later = (ms: number, customer = ['15551234567']) => {
  const whatsApp = createWhatsApp(() => new Date(WROTE + ms));
  whatsApp.record({ business: BUSINESS, customer, atMs: WROTE });
  return whatsApp;
};

describe('the simulated WhatsApp', () => {
  it.each([
    [24 * HOUR - 1, true],
    [24 * HOUR, false],
    [24 * HOUR + 1, false],
  ])('%d ms after the last message of the customer accepts free-form messages: %s', (ms, isOpen) => {
    expect(later(ms).isOpen(BUSINESS, '+15551234567')).toBe(isOpen);
  });

  it('keeps customers by business number', () => {
    expect(later(0).isOpen('999', '15551234567')).toBe(false);
    expect(later(0).isOpen(BUSINESS, '15559999999')).toBe(false);
  });

  it('uses the newest message, in any order of arrival', () => {
    const whatsApp = later(24 * HOUR);

    whatsApp.record({ business: BUSINESS, customer: ['15551234567'], atMs: WROTE + HOUR });
    whatsApp.record({ business: BUSINESS, customer: ['15551234567'], atMs: WROTE - HOUR });

    expect(whatsApp.isOpen(BUSINESS, '15551234567')).toBe(true);
  });

  it('knows a phone number and a user id as one customer', () => {
    const whatsApp = later(24 * HOUR, ['15551234567', 'US.13491208655302741918']);

    whatsApp.record({ business: BUSINESS, customer: ['US.13491208655302741918'], atMs: WROTE + HOUR });

    expect(whatsApp.isOpen(BUSINESS, '+15551234567')).toBe(true);
    expect(whatsApp.isOpen(BUSINESS, 'US.13491208655302741918')).toBe(true);
  });
});

const channel = (opensSession: object = {}) =>
  Channel.parse({ id: 'support', account: 'demo-meta', phoneNumberId: BUSINESS, opensSession });
const message = (overrides: object = {}) => ({
  id: 'wamid.1',
  from: '15551234567',
  timestamp: String(WROTE / 1000),
  type: 'text',
  text: { body: 'Hi' },
  ...overrides,
});
const readFromMeta = (overrides: object, field?: string, opensSession?: object) =>
  readMetaWebhook(aMetaWebhook(message(overrides), field), [channel(opensSession)]);
const MESSAGE = { business: BUSINESS, customer: ['15551234567'], atMs: WROTE };

describe('what opens a session in a Meta webhook', () => {
  it.each([
    ['a text', {}],
    ['an unknown type', { type: 'hologram' }],
    ['an unsupported message', { type: 'unsupported' }],
    [
      'a call permission that the customer gave',
      { type: 'interactive', interactive: { call_permission_reply: { response_source: 'user_action' } } },
    ],
  ])('counts %s', (_, overrides) => {
    expect(readFromMeta(overrides)).toEqual([MESSAGE]);
    expect(readFromMeta(overrides, 'standby')).toEqual([MESSAGE]);
  });

  it.each([
    ['a reaction', { type: 'reaction' }],
    ['an edit', { type: 'edit' }],
    ['a revocation', { type: 'revoke' }],
    ['a system message', { type: 'system' }],
    ['a group message', { group_id: 'HBgL' }],
    [
      'an automatic call permission',
      { type: 'interactive', interactive: { call_permission_reply: { response_source: 'automatic' } } },
    ],
  ])('does not count %s', (_, overrides) => {
    expect(readFromMeta(overrides)).toEqual([]);
  });

  it.each(['history', 'smb_message_echoes', 'user_preferences'])('does not count messages in the field %s', (field) => {
    expect(readFromMeta({}, field)).toEqual([]);
  });

  it('follows the switches of the channel', () => {
    expect(readFromMeta({ type: 'reaction' }, 'messages', { reaction: true })).toEqual([MESSAGE]);
    expect(readFromMeta({ type: 'unsupported' }, 'messages', { unsupported: false })).toEqual([]);
  });

  it('reads both names of a customer', () => {
    expect(readFromMeta({ from_user_id: 'US.1' })).toEqual([{ ...MESSAGE, customer: ['15551234567', 'US.1'] }]);
  });

  it('counts a call that the customer makes', () => {
    const webhook = aMetaWebhook({}, 'calls');
    const call = { id: 'wacid.1', from: '15551234567', timestamp: String(WROTE / 1000), event: 'connect' };
    Object.assign(webhook.entry[0]?.changes[0]?.value ?? {}, {
      metadata: { phone_number_id: BUSINESS, display_phone_number: '15550783881' },
      calls: [
        { ...call, direction: 'USER_INITIATED' },
        call,
        { ...call, from: '15550783881' },
        { ...call, direction: 'BUSINESS_INITIATED' },
        { ...call, direction: 'USER_INITIATED', event: 'terminate' },
      ],
    });

    expect(readMetaWebhook(webhook, [channel()])).toEqual([MESSAGE, MESSAGE]);
  });

  it('counts a call of the business once the customer accepts it', () => {
    const webhook = aMetaWebhook({}, 'calls');
    const status = { id: 'wacid.1', type: 'call', recipient_id: '15551234567', timestamp: String(WROTE / 1000) };
    Object.assign(webhook.entry[0]?.changes[0]?.value ?? {}, {
      statuses: ['RINGING', 'ACCEPTED', 'REJECTED'].map((state) => ({ ...status, status: state })),
    });

    expect(readMetaWebhook(webhook, [channel()])).toEqual([MESSAGE]);
  });

  it('reads the valid items beside a malformed one', () => {
    const webhook = aMetaWebhook(message());
    webhook.entry[0]?.changes[0]?.value.messages?.unshift({ timestamp: 'soon' });

    expect(readMetaWebhook(webhook, [channel()])).toEqual([MESSAGE]);
  });

  it.each([undefined, null, [], 'text', { entry: 5 }])('reads nothing in %j', (webhook) => {
    expect(readMetaWebhook(webhook, [channel()])).toEqual([]);
  });
});

const sinchWebhook = (overrides: object = {}, times: object = {}) => ({
  app_id: 'app',
  accepted_time: '2026-11-20T12:00:03Z',
  event_time: '2026-11-20T12:00:00.000Z',
  ...times,
  message: {
    id: '01',
    direction: 'TO_APP',
    contact_message: { text_message: { text: 'Hi' } },
    channel_identity: { channel: 'WHATSAPP', identity: '15551234567', app_id: '' },
    ...overrides,
  },
});

describe('what opens a session in a Sinch webhook', () => {
  it('counts what a customer writes on WhatsApp', () => {
    expect(readSinchWebhook(sinchWebhook(), [channel()])).toEqual([{ ...MESSAGE, business: 'app' }]);
  });

  it('uses the time of the event, else of the message, else of the webhook', () => {
    const accepted = { accept_time: '2026-11-20T12:00:02Z' };
    const noEvent = { event_time: undefined };

    expect(readSinchWebhook(sinchWebhook(accepted), [channel()])).toMatchObject([{ atMs: WROTE }]);
    expect(readSinchWebhook(sinchWebhook(accepted, noEvent), [channel()])).toMatchObject([{ atMs: WROTE + 2000 }]);
    expect(readSinchWebhook(sinchWebhook({}, noEvent), [channel()])).toMatchObject([{ atMs: WROTE + 3000 }]);
  });

  it.each([
    ['an injected message', { injected: true }],
    ['a message of another channel', { channel_identity: { channel: 'SMS', identity: '1' } }],
    ['a message to the contact', { direction: 'TO_CONTACT' }],
  ])('does not count %s', (_, overrides) => {
    expect(readSinchWebhook(sinchWebhook(overrides), [channel()])).toEqual([]);
  });

  it('counts a reaction only if the channel is configured so', () => {
    const { message: written, ...envelope } = sinchWebhook();
    const reaction = { ...envelope, event: { ...written, contact_message_event: { reaction_event: { emoji: '👍' } } } };

    expect(readSinchWebhook(reaction, [channel()])).toEqual([]);
    expect(readSinchWebhook(reaction, [channel({ reaction: true })])).toHaveLength(1);
  });
});
