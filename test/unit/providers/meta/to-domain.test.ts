import { describe, expect, it } from 'vitest';
import { InboundContent } from '../../../../functions/shared/domain/inbound.ts';
import { aMessage, aMessageOf, readMessage, SENT_AT } from '../../../support/meta.ts';

const MEDIA_FILE = { id: '9001', mime_type: 'x/y', sha256: 'c2hh', url: 'https://media.example/9001' };
const FILE = { mediaId: '9001', mimeType: 'x/y', sha256: 'c2hh', url: 'https://media.example/9001' };

const understood: readonly [name: string, wire: unknown, content: InboundContent, opens: boolean][] = [
  ['text', aMessage(), { type: 'text', text: 'Guten Tag' }, true],
  [
    'image',
    aMessageOf('image', { ...MEDIA_FILE, caption: 'Fluss' }),
    { type: 'image', ...FILE, caption: 'Fluss' },
    true,
  ],
  ['audio', aMessageOf('audio', MEDIA_FILE), { type: 'audio', ...FILE }, true],
  ['voice note', aMessageOf('audio', { ...MEDIA_FILE, voice: true }), { type: 'audio', ...FILE, voice: true }, true],
  ['video', aMessageOf('video', { ...MEDIA_FILE, caption: null }), { type: 'video', ...FILE }, true],
  [
    'document',
    aMessageOf('document', { ...MEDIA_FILE, filename: 'plan.pdf' }),
    { type: 'document', ...FILE, filename: 'plan.pdf' },
    true,
  ],
  [
    'sticker',
    aMessageOf('sticker', { ...MEDIA_FILE, animated: true }),
    { type: 'sticker', ...FILE, animated: true },
    true,
  ],
  [
    'location',
    aMessageOf('location', {
      latitude: 52.5,
      longitude: -13.4,
      name: 'Depot',
      address: 'Ufer 1',
      url: 'https://d.example',
    }),
    { type: 'location', latitude: 52.5, longitude: -13.4, name: 'Depot', address: 'Ufer 1', url: 'https://d.example' },
    true,
  ],
  [
    'bare location',
    aMessageOf('location', { latitude: 0, longitude: 0 }),
    { type: 'location', latitude: 0, longitude: 0 },
    true,
  ],
  [
    'contacts',
    aMessageOf('contacts', [
      {
        name: {
          formatted_name: 'Dr. Ada B. Moor',
          first_name: 'Ada',
          last_name: 'Moor',
          middle_name: 'B.',
          prefix: 'Dr.',
        },
        phones: [{ phone: '+49 30 123', type: 'WORK', wa_id: '4930123' }],
        emails: [{ email: 'ada@example.org', type: 'HOME' }],
        addresses: [{ city: 'Berlin', country_code: 'DE' }],
        org: { company: 'Moor' },
        birthday: '1990-02-03',
        origin: 'other',
      },
      { phones: [{ phone: '+49 30 456' }] },
    ]),
    {
      type: 'contacts',
      contacts: [
        {
          name: { formatted: 'Dr. Ada B. Moor', first: 'Ada', last: 'Moor', middle: 'B.', prefix: 'Dr.' },
          phones: [{ phone: '+49 30 123', type: 'WORK', waId: '4930123' }],
          emails: [{ email: 'ada@example.org', type: 'HOME' }],
          addresses: [{ city: 'Berlin', countryCode: 'DE' }],
          org: { company: 'Moor' },
          birthday: '1990-02-03',
          origin: 'other',
        },
        { phones: [{ phone: '+49 30 456' }] },
      ],
    },
    true,
  ],
  [
    'button reply',
    aMessageOf('interactive', { type: 'button_reply', button_reply: { id: 'yes', title: 'Ja' } }),
    { type: 'button_reply', id: 'yes', title: 'Ja' },
    true,
  ],
  [
    'list reply',
    aMessageOf('interactive', { type: 'list_reply', list_reply: { id: 'r1', title: 'Eins', description: 'erste' } }),
    { type: 'list_reply', id: 'r1', title: 'Eins', description: 'erste' },
    true,
  ],
  [
    'flow reply',
    aMessageOf('interactive', {
      type: 'nfm_reply',
      nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"flow_token":"t","size":42}' },
    }),
    { type: 'flow_reply', name: 'flow', body: 'Sent', response: { flow_token: 't', size: 42 } },
    true,
  ],
  [
    'flow reply that holds no JSON',
    aMessageOf('interactive', { type: 'nfm_reply', nfm_reply: { response_json: 'done' } }),
    { type: 'flow_reply', response: 'done' },
    true,
  ],
  [
    'call permission that the customer gave',
    aMessageOf('interactive', {
      type: 'call_permission_reply',
      call_permission_reply: { response: 'accept', response_source: 'user_action' },
    }),
    { type: 'call_permission_reply', response: 'accept', source: 'user_action' },
    true,
  ],
  [
    'automatic call permission',
    aMessageOf('interactive', {
      type: 'call_permission_reply',
      call_permission_reply: { response: 'accept', response_source: 'automatic', is_permanent: true },
    }),
    { type: 'call_permission_reply', response: 'accept', source: 'automatic', permanent: true },
    false,
  ],
  [
    'quick reply of a template',
    aMessageOf('button', { payload: 'STOP', text: 'Keine Werbung' }),
    { type: 'button', payload: 'STOP', text: 'Keine Werbung' },
    true,
  ],
  [
    'order',
    aMessageOf('order', {
      catalog_id: 'c1',
      text: 'bitte',
      product_items: [{ product_retailer_id: 'p', quantity: 2 }],
    }),
    {
      type: 'order',
      catalogId: 'c1',
      text: 'bitte',
      items: [{ product_retailer_id: 'p', productId: 'p', quantity: 2 }],
    },
    true,
  ],
  [
    'reaction',
    aMessageOf('reaction', { message_id: 'wamid.OUT1', emoji: '🙏' }),
    { type: 'reaction', messageId: 'wamid.OUT1', emoji: '🙏' },
    false,
  ],
  [
    'reaction taken back',
    aMessageOf('reaction', { message_id: 'wamid.OUT1' }),
    { type: 'reaction', messageId: 'wamid.OUT1', emoji: null },
    false,
  ],
  [
    'reaction taken back with an empty emoji',
    aMessageOf('reaction', { message_id: 'wamid.OUT1', emoji: '' }),
    { type: 'reaction', messageId: 'wamid.OUT1', emoji: null },
    false,
  ],
  [
    'edit',
    aMessageOf('edit', { original_message_id: 'wamid.OLD', message: { type: 'text', text: { body: 'neu' } } }),
    { type: 'edit', messageId: 'wamid.OLD', message: { type: 'text', text: { body: 'neu' } } },
    false,
  ],
  [
    'revoke',
    aMessageOf('revoke', { original_message_id: 'wamid.OLD' }),
    { type: 'revoke', messageId: 'wamid.OLD' },
    false,
  ],
  [
    'system',
    aMessageOf('system', { type: 'user_changed_number', body: 'changed', wa_id: '4915199999999' }),
    { type: 'system', event: 'user_changed_number', body: 'changed', details: { wa_id: '4915199999999' } },
    false,
  ],
  [
    'unsupported',
    aMessageOf(
      'unsupported',
      { type: 'poll_creation' },
      { errors: [{ code: 131051, title: 'Unknown', error_data: { details: 'Not supported.' } }] },
    ),
    {
      type: 'unsupported',
      kind: 'poll_creation',
      reason: 'Not supported.',
      errors: [{ code: '131051', title: 'Unknown', details: 'Not supported.' }],
    },
    true,
  ],
  ['unsupported without a reason', aMessage({ type: 'unsupported' }), { type: 'unsupported' }, true],
];

describe('a message of a customer', () => {
  const flow = (nfm_reply: object) => aMessageOf('interactive', { type: 'nfm_reply', nfm_reply });

  it.each([
    ['without its JSON', { name: 'flow', body: 'Sent' }, undefined],
    ['with an object', { name: 'flow', body: 'Sent', response_json: { seats: 2 } }, { seats: 2 }],
    ['with JSON text', { name: 'flow', body: 'Sent', response_json: '{"seats":2}' }, { seats: 2 }],
    ['with half a pair', { name: 'flow', body: 'Sent', response_json: '{"a":"\\ud83d"}' }, { a: '\ufffd' }],
  ])('flow-without-json: is the reply of a flow %s', (_, reply, response) => {
    expect(readMessage(flow(reply)).content).toEqual({ type: 'flow_reply', name: 'flow', body: 'Sent', response });
  });

  it('is the address that was asked for, or the saved one that was chosen', () => {
    const address = (response_json: unknown) =>
      readMessage(flow({ name: 'address_message', body: 'Wing A', response_json })).content;
    const values = { in_pin_code: '400063', city: 'Mumbai' };

    expect(address(JSON.stringify({ values }))).toEqual({ type: 'address_reply', body: 'Wing A', values });
    expect(address(JSON.stringify({ saved_address_id: 'home' }))).toEqual({
      type: 'address_reply',
      body: 'Wing A',
      savedAddressId: 'home',
    });
    expect(address('{"values":')).toMatchObject({ type: 'flow_reply', response: '{"values":' });
  });

  it('is an order whose items are kept, whatever is in them', () => {
    const items = ['x', { product_retailer_id: 'p', quantity: '3', item_price: '1.5', currency: 'EUR', more: 1 }];

    expect(readMessage(aMessageOf('order', { product_items: items })).content).toEqual({
      type: 'order',
      items: [
        { raw: 'x' },
        {
          product_retailer_id: 'p',
          productId: 'p',
          quantity: 3,
          item_price: 1.5,
          price: 1.5,
          currency: 'EUR',
          more: 1,
        },
      ],
    });
  });

  it('says until when a permission to call holds', () => {
    const reply = { response: 'accept', response_source: 'user_action', expiration_timestamp: '1790000000' };
    const wire = aMessageOf('interactive', { type: 'call_permission_reply', call_permission_reply: reply });

    expect(readMessage(wire).content).toMatchObject({ expiresAt: new Date(1_790_000_000_000).toISOString() });
  });

  it('keeps where a card came from, and the product beside an ad', () => {
    const cards = aMessageOf('contacts', [{ name: { formatted_name: 'Ann' }, origin: 'contact_request' }]);
    const asked = { referral: { source_id: '1' }, context: { referred_product: { catalog_id: 'c' } } };

    expect(readMessage(cards).content).toMatchObject({ contacts: [{ origin: 'contact_request' }] });
    expect(readMessage(aMessage(asked)).referral).toEqual({ source_id: '1', referred_product: { catalog_id: 'c' } });
  });

  it.each(understood)('is understood: %s', (...[, wire, content, opens]) => {
    const message = readMessage(wire);

    const { link: _, ...written } = message;
    expect(written).toEqual({
      channel: 'support',
      identities: { phone: '+4915112345678', userId: 'DE.4000000000000001' },
      id: 'wamid.FIXTURE1',
      providerAtMs: SENT_AT * 1000,
      opens,
      content,
      profileName: 'Mira Holm',
    });
    expect(InboundContent.parse(message.content)).toEqual(content);
  });

  it.each<[name: string, wire: Record<string, unknown>, kind: string]>([
    ['of an unknown type', aMessageOf('hologram', { depth: 3 }), 'hologram'],
    ['of a type named like a property of every object', aMessage({ type: 'constructor' }), 'constructor'],
    ['without a type', aMessage({ type: undefined }), 'untyped'],
    ['whose type is not a text', aMessage({ type: 7 }), 'untyped'],
    ['whose text is not a text', aMessage({ text: { body: 7 } }), 'text'],
    ['without the content of its type', aMessage({ text: undefined }), 'text'],
    ['with a location of texts', aMessageOf('location', { latitude: '1', longitude: '2' }), 'location'],
    ['of media without an id', aMessageOf('image', { mime_type: 'image/png' }), 'image'],
    ['with contacts that are no list', aMessageOf('contacts', { name: 'x' }), 'contacts'],
    [
      'interactive of an unknown type',
      aMessageOf('interactive', { type: 'gesture', gesture: { id: 'wave' } }),
      'interactive.gesture',
    ],
    ['interactive without a sub-type', aMessageOf('interactive', {}), 'interactive'],
    [
      'a call permission without a source',
      aMessageOf('interactive', { type: 'call_permission_reply', call_permission_reply: {} }),
      'interactive.call_permission_reply',
    ],
  ])('is kept raw and opens: %s', (_, wire, kind) => {
    const message = readMessage(wire);

    expect(message.opens).toBe(true);
    expect(message.content).toEqual({ type: 'raw', kind, raw: JSON.parse(JSON.stringify(wire)) });
  });

  it.each(['reaction', 'edit', 'revoke', 'system'])('is judged by its type where its content is broken: %s', (type) => {
    const message = readMessage(aMessageOf(type, 'broken'));

    expect(message).toMatchObject({ opens: false, content: { type: 'raw', kind: type } });
  });

  it('of a group is recorded under its type and opens nothing', () => {
    const message = readMessage(aMessage({ group_id: 'G1' }));

    expect(message).toMatchObject({ opens: false, groupId: 'G1', content: { type: 'text', text: 'Guten Tag' } });
  });

  it('opens nothing when its group cannot be read', () => {
    expect(readMessage(aMessage({ group_id: 7 })).opens).toBe(false);
  });

  it('takes its time from a number too', () => {
    expect(readMessage(aMessage({ timestamp: SENT_AT })).providerAtMs).toBe(SENT_AT * 1000);
  });

  it('says what it replies to', () => {
    const message = readMessage(aMessage({ context: { from: '49301234567', id: 'wamid.OUT1' } }));

    expect(message.replyTo).toBe('wamid.OUT1');
  });

  it('loses no more than a context that cannot be read', () => {
    expect(readMessage(aMessage({ context: 'M0' }))).toMatchObject({ opens: true, content: { type: 'text' } });
  });

  it('keeps the ad that it comes from', () => {
    const referral = { source_type: 'ad', source_id: '1', ctwa_clid: 'clid' };

    expect(readMessage(aMessage({ referral })).referral).toEqual(referral);
  });

  it('keeps the product that it asks about', () => {
    const product = { catalog_id: 'c1', product_retailer_id: 'p1' };
    const message = readMessage(aMessage({ context: { id: 'wamid.OUT1', referred_product: product } }));

    expect(message.referral).toEqual({ referred_product: product });
  });
});
