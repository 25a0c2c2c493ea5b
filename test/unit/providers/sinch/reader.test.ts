import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { WebhookItem } from '../../../../functions/shared/providers/provider.ts';
import { createSinchReader } from '../../../../functions/shared/providers/sinch/reader.ts';
import {
  aCallback,
  anEvent,
  anInbound,
  aReceipt,
  aSinchAccount,
  aSinchChannel,
  bytesOf,
  SINCH_SECRETS,
  sinchHeaders,
} from '../../../support/sinch.ts';

const readerOf = (channel = aSinchChannel()) =>
  createSinchReader({ account: aSinchAccount(), channels: [channel], secrets: () => Promise.resolve(SINCH_SECRETS) });

const read = (body: unknown, channel = aSinchChannel()): WebhookItem | undefined => {
  const items = readerOf(channel).parse(bytesOf(body));
  expect(items).toHaveLength(1);
  return items[0];
};

const message = (item: WebhookItem | undefined) => {
  if (item?.kind !== 'message') throw new Error(`not a message: ${JSON.stringify(item)}`);
  return item.message;
};

const TEXT = { text_message: { text: 'Hi' } };
const ms = (time: string) => Date.parse(time);
const at = (channel: string) => ({ channel_identity: { channel, identity: '4915112345678' } });

describe('the reader of Sinch webhooks', () => {
  it('answers no subscription check', async () => {
    expect(await readerOf().answerChallenge({ 'hub.challenge': '1' })).toBeUndefined();
  });

  it("verifies with the account's live secrets and the account's own maximum age", async () => {
    const body = bytesOf(anInbound(TEXT));
    const headers = sinchHeaders(body, 'first-secret', { nonce: 'n', timestamp: '1795165201' });
    const reader = createSinchReader({
      account: aSinchAccount({ signatureMaxAgeSeconds: 60 }),
      channels: [aSinchChannel()],
      secrets: () => Promise.resolve({ ...SINCH_SECRETS, webhookSecrets: ['next', 'first-secret'] }),
    });

    expect(await reader.verify(body, headers, new Date(1_795_165_261_000))).toEqual({ ok: true });
    expect(await reader.verify(body, headers, new Date(1_795_165_262_000))).toEqual({ ok: false, reason: 'stale' });
  });
});

describe('a message of a customer', () => {
  it('reads a whole webhook as Sinch writes it', () => {
    const bytes = readFileSync(new URL('../../../fixtures/sinch/inbound-text-pretty.json', import.meta.url));

    expect(readerOf().parse(bytes)).toEqual([
      {
        kind: 'message',
        message: {
          channel: 'support-sinch',
          identities: { phone: '+4915112345678' },
          id: '01KADQ2M7S0V9T4JYB6G1H3E5R',
          providerAtMs: ms('2026-11-20T09:00:00.731Z'),
          opens: true,
          content: { type: 'text', text: 'Grüße 👋' },
        },
      },
    ]);
  });

  it.each([
    ['text', TEXT, { type: 'text', text: 'Hi' }],
    [
      'media with a name',
      { media_message: { url: 'https://media.example/a.pdf', thumbnail_url: '', filename_override: 'a.pdf' } },
      { type: 'document', url: 'https://media.example/a.pdf', filename: 'a.pdf' },
    ],
    [
      'media without a name',
      { media_message: { url: 'https://media.example/a.ogg', filename_override: '' } },
      { type: 'audio', url: 'https://media.example/a.ogg' },
    ],
    [
      'media with a caption',
      { media_card_message: { url: 'https://media.example/a.png', caption: 'Look' } },
      { type: 'image', url: 'https://media.example/a.png', caption: 'Look' },
    ],
    [
      'a location',
      { location_message: { title: 'Office', label: '', coordinates: { latitude: 55.6, longitude: -13 } } },
      { type: 'location', latitude: 55.6, longitude: -13, name: 'Office', address: undefined },
    ],
    [
      'a tapped button',
      { choice_response_message: { message_id: '01SENT', postback_data: 'yes' } },
      { type: 'choice', messageId: '01SENT', payload: 'yes' },
    ],
    [
      'a tapped button that was sent without postback data',
      { choice_response_message: { message_id: '01SENT', postback_data: '01SENT_Yes' } },
      { type: 'choice', messageId: '01SENT', title: 'Yes', payload: '01SENT_Yes' },
    ],
    [
      'chosen products',
      { product_response_message: { products: [{ id: 'p1', quantity: 4 }], title: 'Cart', catalog_id: 'c1' } },
      { type: 'order', catalogId: 'c1', text: 'Cart', items: [{ id: 'p1', productId: 'p1', quantity: 4 }] },
    ],
    [
      'the address that was asked for',
      {
        channel_specific_message: {
          message_type: 'nfm_reply',
          message: { nfm_reply: { name: 'address_message', response_json: '{"values":{"city":"Mumbai"}}' } },
        },
      },
      { type: 'address_reply', values: { city: 'Mumbai' } },
    ],
    [
      'the answer of a flow',
      {
        channel_specific_message: {
          message_type: 'nfm_reply',
          message: { type: 'nfm_reply', nfm_reply: { name: 'flow', response_json: '{"seats":2}', body: 'Sent' } },
        },
      },
      { type: 'flow_reply', name: 'flow', body: 'Sent', response: { seats: 2 } },
    ],
    [
      'the answer of a flow that is no JSON',
      {
        channel_specific_message: { message_type: 'nfm_reply', message: { nfm_reply: { response_json: '{"seats":' } } },
      },
      { type: 'flow_reply', name: undefined, body: undefined, response: '{"seats":' },
    ],
    [
      'what Sinch cannot read',
      { fallback_message: { raw_message: '{"type":"contacts"}', reason: { code: 'UNSUPPORTED_OPERATION' } } },
      { type: 'unsupported', reason: 'UNSUPPORTED_OPERATION', raw: '{"type":"contacts"}' },
    ],
    [
      'what Sinch cannot read, without a reason',
      { fallback_message: { raw_message: 'x', reason: 'none' } },
      { type: 'unsupported', reason: undefined, raw: 'x' },
    ],
    [
      'an unknown type',
      { hologram_message: { depth: 3 } },
      { type: 'raw', kind: 'hologram_message', raw: { depth: 3 } },
    ],
    [
      'a type named like a property of every object',
      { constructor: { url: 'x' } },
      { type: 'raw', kind: 'constructor', raw: { url: 'x' } },
    ],
    [
      'a known type with unreadable content',
      { location_message: { coordinates: { latitude: 'north' } } },
      { type: 'raw', kind: 'location_message', raw: { coordinates: { latitude: 'north' } } },
    ],
    [
      'another channel-specific type',
      { channel_specific_message: { message_type: 'PAYMENT', message: {} } },
      { type: 'raw', kind: 'channel_specific_message', raw: { message_type: 'PAYMENT', message: {} } },
    ],
    ['the set one of several fields', { media_message: null, ...TEXT }, { type: 'text', text: 'Hi' }],
    ['no content at all', { reply_to: null }, { type: 'raw', kind: 'unknown', raw: { reply_to: null } }],
    ['a missing contact_message', undefined, { type: 'raw', kind: 'unknown', raw: null }],
  ])('reads %s, and opens the session', (_, contactMessage, content) => {
    const { opens, content: read_ } = message(read(anInbound(contactMessage)));

    expect(read_).toEqual(content);
    expect(opens).toBe(true);
  });

  it.each([
    [{ url: 'https://media.example/f', mime_type: 'image/jpeg' }, 'image'],
    [{ url: 'https://media.example/f.bin', mime_type: 'video/mp4; codecs=x' }, 'video'],
    [{ url: 'https://media.example/f', mime_type: 'audio/ogg' }, 'audio'],
    [{ url: 'https://media.example/f', mime_type: 'application/pdf' }, 'document'],
    [{ url: 'https://media.example/f', mime_type: 'image/webp' }, 'sticker'],
    [{ url: 'https://media.example/f.jpg', mime_type: 'application/octet-stream' }, 'image'],
    [{ url: 'https://media.example/f.jpg', filename_override: 'Plan.DOCX' }, 'document'],
    [{ url: 'https://media.example/f.MP4?sig=a.pdf' }, 'video'],
    [{ url: 'not a url/f.amr?x=1' }, 'audio'],
    [{ url: 'https://media.example/9f8e' }, 'media'],
    [{ url: 'https://media.example/f.unknown', filename_override: 'f' }, 'media'],
  ])('has the content type of its file: %j is %s', (media_message, type) => {
    expect(message(read(anInbound({ media_message }))).content).toMatchObject({ type, url: media_message.url });
  });

  it('keeps the thumbnail of media, and why Sinch cannot read a message', () => {
    const media_message = { url: 'https://media.example/a.mp4', thumbnail_url: 'https://media.example/a.jpg' };
    const reason = { code: 'CHANNEL_FAILURE', description: 'Unknown type', sub_code: 'UNSPECIFIED_SUB_CODE' };

    expect(message(read(anInbound({ media_message }))).content).toMatchObject({
      thumbnailUrl: 'https://media.example/a.jpg',
    });
    expect(message(read(anInbound({ fallback_message: { raw_message: 'x', reason } }))).content).toMatchObject({
      type: 'unsupported',
      reason: 'CHANNEL_FAILURE',
      description: 'Unknown type',
      subCode: 'UNSPECIFIED_SUB_CODE',
    });
  });

  it('keeps the id of the message that the customer quotes', () => {
    expect(message(read(anInbound({ ...TEXT, reply_to: { message_id: '01QUOTED' } }))).replyTo).toBe('01QUOTED');
    expect(message(read(anInbound({ reply_to: { message_id: '01QUOTED' }, ...TEXT }))).content).toEqual({
      type: 'text',
      text: 'Hi',
    });
  });

  it.each([null, {}, { message_id: '' }, { message_id: 'x'.repeat(513) }, 'x'])(
    'quotes nothing under reply_to %j',
    (reply_to) => {
      expect(message(read(anInbound({ ...TEXT, reply_to }))).replyTo).toBeUndefined();
    },
  );

  it.each([
    ['4915112345678', { phone: '+4915112345678' }],
    ['+4915112345678', { phone: '+4915112345678' }],
    ['DE.13491208655302741918', { userId: 'DE.13491208655302741918' }],
    ['user.9373795779eb6441', { userId: 'user.9373795779eb6441' }],
  ])('knows the sender %s', (identity, identities) => {
    const item = read(anInbound(TEXT, { channel_identity: { channel: 'WHATSAPP', identity, app_id: '' } }));

    expect(message(item).identities).toEqual(identities);
  });

  it('names the channel that the account owns', () => {
    expect(message(read(anInbound(TEXT), aSinchChannel({ id: 'sales' }))).channel).toBe('sales');
  });

  it('tolerates fields that it does not know', () => {
    const item = read(
      anInbound(TEXT, { sender_id: '4670', referral: { a: 1 } }, { channel_metadata: { x: 1 }, new: 1 }),
    );

    expect(message(item).content).toEqual({ type: 'text', text: 'Hi' });
  });

  describe('its time', () => {
    it.each([
      { of: 'the event', time: '2026-11-20T09:00:01.731Z' },
      { of: 'acceptance, without one of the channel', event: null, time: '2026-11-20T09:00:02.198Z' },
      { of: 'acceptance, without a real date', event: '2026-02-30T09:00:00Z', time: '2026-11-20T09:00:02.198Z' },
      { of: 'acceptance, under an unset field', event: '0001-01-01T00:00:00Z', time: '2026-11-20T09:00:02.198Z' },
      { of: 'receipt, at last', event: 17, acceptance: 'now', time: '2026-11-20T09:00:03.204Z' },
      { of: 'another zone', event: '2026-11-20T10:00:01+01:00', time: '2026-11-20T09:00:01Z' },
    ])('is that of $of', ({ time, event, acceptance }) => {
      const envelope = event === undefined ? {} : { event_time: event };
      const fields = acceptance === undefined ? {} : { accept_time: acceptance };

      expect(message(read(anInbound(TEXT, fields, envelope))).providerAtMs).toBe(ms(time));
    });

    it('is required', () => {
      const item = read(anInbound(TEXT, { accept_time: '' }, { event_time: null, accepted_time: 'yesterday' }));

      expect(item).toEqual({
        kind: 'malformed',
        reason: 'no time',
        kept: { channel: 'support-sinch', customer: '+4915112345678', raw: expect.anything() },
      });
    });
  });

  it.each([
    ['no sender', { channel_identity: { channel: 'WHATSAPP', identity: 'not a number' } }],
    ['no sender', { channel_identity: { channel: 'WHATSAPP' } }],
    ['no message id', { id: undefined }],
    ['no message id', { id: '' }],
    ['no message id', { id: 'x'.repeat(513) }],
    ['no message id', { id: 'naïve' }],
    ['no channel', { channel_identity: null }],
    ['no channel', { channel_identity: { channel: '', identity: '4915112345678' } }],
  ])('is malformed with %s: %j', (reason, fields) => {
    expect(read(anInbound(TEXT, fields))).toEqual({
      kind: 'malformed',
      reason,
      kept: { channel: 'support-sinch', raw: JSON.parse(JSON.stringify(anInbound(TEXT, fields))) },
    });
  });

  it.each([
    ['other_channel', at('SMS')],
    ['other_channel', at('MESSENGER')],
    ['not_from_customer', { direction: 'TO_CONTACT' }],
    ['not_from_customer', { direction: undefined }],
    ['injected', { injected: true }],
  ])('is ignored as %s: %j', (reason, fields) => {
    expect(read(anInbound(TEXT, fields))).toEqual({ kind: 'ignored', reason });
  });

  it.each(['01K2ANOTHERAPP000000000001', ''])('is ignored as foreign_number under the app %j', (app_id) => {
    expect(read(anInbound(TEXT, {}, { app_id }))).toEqual({ kind: 'ignored', reason: 'foreign_number' });
  });
});

const reaction = (fields: Record<string, unknown> = {}, event: Record<string, unknown> = {}) =>
  anEvent({
    contact_message_event: {
      reaction_event: { emoji: '👍', action: 'REACTION_ACTION_REACT', message_id: '01SENT', ...fields },
    },
    ...event,
  });

describe('a reaction of a customer', () => {
  it('is a message that opens nothing', () => {
    expect(message(read(reaction()))).toEqual({
      channel: 'support-sinch',
      identities: { phone: '+4915112345678' },
      id: '01KADQ2M7S0V9T4JYB6G1EVENT',
      providerAtMs: ms('2026-11-20T09:00:01.731Z'),
      opens: false,
      content: { type: 'reaction', messageId: '01SENT', emoji: '👍' },
    });
  });

  it("opens the session where the channel's switch says so", () => {
    expect(message(read(reaction(), aSinchChannel({ opensSession: { reaction: true } }))).opens).toBe(true);
  });

  it('has no emoji when it is taken back', () => {
    const { content } = message(read(reaction({ action: 'REACTION_ACTION_UNREACT' })));

    expect(content).toEqual({ type: 'reaction', messageId: '01SENT', emoji: null });
  });

  it('keeps its category', () => {
    expect(message(read(reaction({ reaction_category: 'like' }))).content).toMatchObject({ category: 'like' });
  });

  it('is kept raw when it cannot be read', () => {
    const { content, opens } = message(read(reaction({ message_id: undefined })));

    expect(content).toMatchObject({ type: 'raw', kind: 'reaction', raw: { emoji: '👍' } });
    expect(opens).toBe(false);
  });

  it.each([
    ['other_channel', at('INSTAGRAM')],
    ['not_from_customer', { direction: 'TO_CONTACT' }],
  ])('is ignored as %s: %j', (reason, fields) => {
    expect(read(reaction({}, fields))).toEqual({ kind: 'ignored', reason });
  });
});

describe('a delivery report', () => {
  it.each([
    ['QUEUED_ON_CHANNEL', 'sent'],
    ['DELIVERED', 'delivered'],
    ['READ', 'read'],
  ])('%s is %s', (status, expected) => {
    expect(read(aReceipt({ status }))).toEqual({
      kind: 'status',
      report: {
        channel: 'support-sinch',
        status: expected,
        providerMessageId: '01KADQ2M7S0V9T4JYB6GSENT01',
        reference: 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R',
        recipient: expect.objectContaining({ phone: expect.stringMatching(/^\+\d+$/) }),
        atMs: ms('2026-11-20T09:00:01.731Z'),
      },
    });
  });

  it.each(['FAILED', 'SWITCHING_CHANNEL'])('%s outside the window is a failure of that class', (status) => {
    const reason = { code: 'OUTSIDE_ALLOWED_SENDING_WINDOW', description: 'more than 24 hours', sub_code: 'X' };

    expect(read(aReceipt({ status, reason }))).toMatchObject({
      kind: 'status',
      report: { status: 'failed', error: { code: 'OUTSIDE_ALLOWED_SENDING_WINDOW', class: 'window_closed' } },
    });
  });

  it.each([undefined, null, 'because', {}, { code: 7 }])(
    'FAILED for the unreadable reason %j is an unknown failure',
    (reason) => {
      expect(read(aReceipt({ status: 'FAILED', reason }))).toMatchObject({
        report: { status: 'failed', error: { code: 'UNKNOWN', class: 'never' } },
      });
    },
  );

  it.each([
    ['other_event', { status: 'SWITCHING_CHANNEL', reason: { code: 'RECIPIENT_NOT_REACHABLE' } }],
    ['other_event', { status: 'SWITCHING_CHANNEL' }],
    ['other_event', { status: 'TELEPORTED' }],
    ['other_event', { status: 'toString' }],
    ['other_event', { status: undefined }],
    ['other_channel', at('MESSENGER')],
  ])('is ignored as %s: %j', (reason, fields) => {
    expect(read(aReceipt(fields))).toEqual({ kind: 'ignored', reason });
  });

  it.each([
    ['no message id', { message_id: '' }, {}],
    ['no time', {}, { event_time: undefined, accepted_time: undefined }],
  ])('is malformed with %s', (reason, fields, envelope) => {
    expect(read(aReceipt(fields, envelope))).toEqual({ kind: 'malformed', reason });
  });

  it.each([
    ['names no channel', { channel_identity: undefined }],
    ['has an unreadable channel', { channel_identity: 'WhatsApp' }],
    ['has unset fields', { channel_identity: { channel: '', identity: '', app_id: '' }, channel: '' }],
    ['has the shape of 2020', { channel_identity: undefined, channel: 'WHATSAPP' }],
  ])('sinch-report-without-channel: counts when it %s', (_, fields) => {
    expect(read(aReceipt(fields))).toMatchObject({
      kind: 'status',
      report: { status: 'delivered', reference: 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R' },
    });
  });

  it('is ignored when the shape of 2020 names another channel', () => {
    const fields = { channel_identity: undefined, channel: 'MESSENGER' };

    expect(read(aReceipt(fields))).toEqual({ kind: 'ignored', reason: 'other_channel' });
  });

  it('counts from its receipt when the channel gave no time', () => {
    expect(read(aReceipt({}, { event_time: undefined }))).toMatchObject({
      report: { atMs: ms('2026-11-20T09:00:03.204Z') },
    });
  });

  it.each(['', undefined, 'x'.repeat(513), { id: 1 }])('carries no reference under the metadata %j', (metadata) => {
    const item = read(aReceipt({ metadata }));

    expect(item?.kind === 'status' ? item.report.reference : 'not a status').toBeUndefined();
  });
});

describe('everything else', () => {
  it.each([
    'message_redaction',
    'message_submit_notification',
    'event_delivery_report',
    'contact_create_notification',
    'contact_merge_notification',
    'conversation_start_notification',
    'conversation_stop_notification',
    'duplicated_contact_identities_notification',
    'capability_notification',
    'channel_event_notification',
    'unsupported_callback',
    'smart_conversation_notification',
    'record_notification',
    'batch_status_update_notification',
    'a_key_of_next_year',
  ])('is ignored as other_event: %s', (key) => {
    const inside = anInbound(TEXT)['message'];

    expect(read(aCallback({ [key]: inside }))).toEqual({ kind: 'ignored', reason: 'other_event' });
  });

  it.each([
    ['typing', { contact_event: { composing_event: {} } }],
    ['a payment update', { contact_message_event: { payment_status_update_event: {} } }],
    ['no event', {}],
  ])('is ignored as other_event: %s', (_, event) => {
    expect(read(anEvent(event))).toEqual({ kind: 'ignored', reason: 'other_event' });
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '42',
    '"message"',
    '{}',
    '{"message":{"id":"1"}}',
    '{"app_id":7,"message":{}}',
    '[{"app_id":"01K2CAREWINDOWAPP000000001"}]',
    '\u0000\ufffd',
  ])('is malformed: %s', (body) => {
    expect(readerOf().parse(new TextEncoder().encode(body))).toEqual([
      {
        kind: 'malformed',
        reason: 'not a Sinch callback',
        kept: { raw: expect.toSatisfy((raw) => raw !== undefined) },
      },
    ]);
  });

  it('is malformed when an envelope holds no event', () => {
    expect(read(aCallback({}))).toEqual({ kind: 'malformed', reason: 'no event' });
  });
});
