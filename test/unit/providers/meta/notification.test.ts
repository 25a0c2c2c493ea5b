import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SUBSCRIBED_FIELDS } from '../../../../functions/shared/providers/meta/notification.ts';
import {
  aChange,
  aContact,
  aMessage,
  aMessageOf,
  aMetaChannel,
  aMetaReader,
  aNotification,
  aStatus,
  aValue,
  messagesOf,
  PHONE_NUMBER_ID,
  parseMessages,
  parseMeta,
  reportsOf,
  SENT_AT,
  type Wire,
} from '../../../support/meta.ts';

const ignored = (reason: string) => ({ kind: 'ignored', reason });
/** What a customer may have written is kept, be it `null`. */
const malformed = (reason: string) => ({ kind: 'malformed', reason, kept: expect.objectContaining({}) });

const aFullValue = (id: string) => aValue({ messages: [aMessage({ id })], statuses: [aStatus({ id: `out-${id}` })] });

const aChangeTo = (id: string) => aChange(aValue({ metadata: { phone_number_id: id }, messages: [aMessage({ id })] }));

const aCall = (overrides: object = {}) => ({
  id: 'wacid.FIXTURE1',
  from: '4915112345678',
  to: '49301234567',
  event: 'connect',
  direction: 'USER_INITIATED',
  timestamp: String(SENT_AT),
  session: { sdp_type: 'offer', sdp: 'v=0' },
  ...overrides,
});

const parseCall = (call: unknown, contacts: unknown = [aContact()]) =>
  parseMeta(aNotification(aChange(aValue({ contacts, calls: [call] }), 'calls')));

const parseStatus = (status: unknown) => parseMeta(aNotification(aChange(aValue({ statuses: [status] }))));

describe('a body under a valid signature', () => {
  it.each([
    ['text', 'hello', 'not JSON'],
    ['half a JSON', '{"object":"whatsapp_business_account","entry":[', 'not JSON'],
    ['nothing', '', 'not JSON'],
    ['[]', '[]', 'object'],
    ['null', 'null', 'object'],
    ['a number', '7', 'object'],
    ['an object without a name', '{"entry":[]}', 'object'],
    ['a notification without entries', '{"object":"whatsapp_business_account"}', 'notification.entry'],
    ['entries that are no list', '{"object":"whatsapp_business_account","entry":{}}', 'notification.entry'],
    ['an entry without changes', '{"object":"whatsapp_business_account","entry":[{"id":"1"}]}', 'entry.changes'],
    ['an entry that is nothing', '{"object":"whatsapp_business_account","entry":[null]}', 'entry'],
    ['a change without a field', '{"object":"whatsapp_business_account","entry":[{"changes":[{}]}]}', 'change.field'],
  ])('is one malformed item when it is %s', (_, body, reason) => {
    expect(aMetaReader().parse(Buffer.from(body))).toEqual([malformed(reason)]);
  });

  it('holds nothing when it has no entry', () => {
    expect(parseMeta({ ...aNotification(), entry: [] })).toEqual([]);
  });

  it('is ignored when it is about another product of Meta', () => {
    expect(parseMeta({ object: 'page', entry: [{ messaging: [] }] })).toEqual([ignored('other_event')]);
  });

  it('is read through a byte order mark', () => {
    const body = Buffer.from(`\uFEFF${JSON.stringify(aNotification(aChange(aValue({ messages: [aMessage()] }))))}`);

    expect(messagesOf(aMetaReader().parse(body))).toHaveLength(1);
  });

  it('is read with escaped and raw characters alike', () => {
    const escaped = JSON.stringify(
      aNotification(aChange(aValue({ messages: [aMessage({ text: { body: 'SNACK' } })] }))),
    );
    const read = (text: string) => messagesOf(aMetaReader().parse(Buffer.from(escaped.replace('SNACK', text))));

    expect(read('\\u00e4 \\ud83d\\ude4f \\/')).toEqual(read('ä 🙏 /'));
    expect(read('ä 🙏 /')[0]?.content).toEqual({ type: 'text', text: 'ä 🙏 /' });
  });
});

describe('a batch', () => {
  it('loses nothing to broken items in its middle', () => {
    const items = parseMeta({
      object: 'whatsapp_business_account',
      entry: [
        { id: '1', changes: [aChange(aFullValue('a')), null, aChange('nonsense'), aChange(aFullValue('b'))] },
        'broken',
        { id: '2', changes: [aChange(aValue({ messages: [null, aMessage({ id: 'c' }), { type: 'text' }, 7] }))] },
        { id: '3', changes: [aChange(aValue({ messages: 'broken', statuses: [{}, aStatus({ id: 'out-d' })] }))] },
        { id: '4', changes: [aChange(aFullValue('e'))] },
      ],
    });

    expect(messagesOf(items).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'e']);
    expect(reportsOf(items).map(({ providerMessageId }) => providerMessageId)).toEqual([
      'out-a',
      'out-b',
      'out-d',
      'out-e',
    ]);
    expect(items.filter(({ kind }) => kind === 'malformed')).toHaveLength(8);
  });

  it('keeps the order in which its messages were sent', () => {
    const ids = Array.from({ length: 50 }, (_, index) => `wamid.${index}`);

    expect(messagesOf(parseMessages(...ids.map((id) => aMessage({ id })))).map(({ id }) => id)).toEqual(ids);
  });

  it('gives each number to its own channel and leaves out what is foreign', () => {
    const channels = [aMetaChannel(), aMetaChannel({ id: 'sales', phoneNumberId: '300000000000002' })];
    const items = parseMeta(
      aNotification(aChangeTo('300000000000002'), aChangeTo('123456123'), aChangeTo(PHONE_NUMBER_ID)),
      channels,
    );

    expect(items).toMatchObject([
      { kind: 'message', message: { channel: 'sales' } },
      ignored('foreign_number'),
      { kind: 'message', message: { channel: 'support' } },
    ]);
  });

  it('counts a number of another account as foreign', () => {
    const items = parseMeta(aNotification(aChange(aValue({ messages: [aMessage()] }))), [
      aMetaChannel({ account: 'other-account' }),
    ]);

    expect(items).toEqual([ignored('foreign_number')]);
  });

  it('is malformed where the number is missing', () => {
    expect(parseMeta(aNotification(aChange({ messages: [aMessage()] })))).toEqual([malformed('value.metadata')]);
  });
});

describe('a message that cannot be judged', () => {
  it.each([
    ['without an id', { id: undefined }, 'message.id'],
    ['with an empty id', { id: '' }, 'message.id'],
    ['with an id of 513 characters', { id: 'w'.repeat(513) }, 'message.id'],
    ['with an id of 513 bytes', { id: `${'ä'.repeat(256)}w` }, 'message.id'],
    ['without a time', { timestamp: undefined }, 'message.timestamp'],
    ['at a time in words', { timestamp: 'yesterday' }, 'message.timestamp'],
    ['at no time', { timestamp: '0' }, 'message.timestamp'],
    ['before all time', { timestamp: -5 }, 'message.timestamp'],
    ['at half a second', { timestamp: 1_790_000_000.5 }, 'message.timestamp'],
    ['at a time in milliseconds', { timestamp: String(SENT_AT * 1000) }, 'message.timestamp'],
    ['in the year 3000', { timestamp: '32503680000' }, 'message.timestamp'],
  ])('is malformed, and the field is named: %s', (_, overrides, reason) => {
    expect(parseMessages(aMessage(overrides))).toEqual([malformed(reason)]);
  });

  it('is read with an id of 512 characters', () => {
    expect(messagesOf(parseMessages(aMessage({ id: 'w'.repeat(512) })))).toHaveLength(1);
  });
});

describe('the fields of a change', () => {
  const contacts = [aContact()];

  it('open from standby as from messages, at either depth of the number', () => {
    const lists = { contacts, messages: [aMessage()], statuses: [aStatus()] };
    const { metadata, ...value } = aValue();
    const outside = parseMeta(aNotification(aChange({ ...value, metadata, standby: lists }, 'standby')));
    const inside = parseMeta(aNotification(aChange({ ...value, standby: { metadata, ...lists } }, 'standby')));

    const [message, ...others] = parseMeta(aNotification(aChange(aValue(lists))));
    const { message: read } = message as { message: object };

    expect(outside).toEqual([{ kind: 'message', message: { ...read, threadOwner: 'meta_agent' } }, ...others]);
    expect(inside).toEqual(outside);
    expect(messagesOf(outside)).toMatchObject([{ opens: true, profileName: 'Mira Holm' }]);
  });

  it('say nothing of who answers in a group', () => {
    const standby = { contacts, messages: [aMessage({ group_id: 'G1' })] };

    const [message] = messagesOf(parseMeta(aNotification(aChange(aValue({ standby }), 'standby'))));
    expect(message).toMatchObject({ opens: false });
    expect(message?.threadOwner).toBeUndefined();
  });

  it.each(['history', 'smb_app_state_sync', 'account_update', 'account_alerts', 'novelty'])(
    'are ignored whatever they hold: %s',
    (field) => {
      const value = aValue({ contacts, messages: [aMessage()], statuses: [aStatus()], message_echoes: [aMessage()] });

      expect(parseMeta(aNotification(aChange(value, field)))).toEqual([ignored('other_event')]);
    },
  );

  it.each(['README.md', 'docs/configuration.md'])('are all named where the webhook is registered: %s', (file) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const [line = '', ...others] = lines.filter((text) => text.includes('`message_template_status_update`'));

    expect(others).toEqual([]);
    expect(SUBSCRIBED_FIELDS.filter((field) => !line.includes(`\`${field}\``))).toEqual([]);
  });

  it('report errors of the account', () => {
    const errors = [{ code: 130429, title: 'Rate limit hit' }];

    expect(parseMeta(aNotification(aChange(aValue({ errors }))))).toEqual([
      { kind: 'account_error', error: expect.objectContaining({ code: '130429', class: 'retry_later' }) },
    ]);
  });

  it('are ignored when there is nothing in them', () => {
    expect(parseMeta(aNotification(aChange(aValue())))).toEqual([ignored('other_event')]);
  });
});

describe('a call', () => {
  it('that the customer starts opens the session, answered or not', () => {
    expect(messagesOf(parseCall(aCall()))).toEqual([
      {
        channel: 'support',
        identities: { phone: '+4915112345678', userId: 'DE.4000000000000001' },
        profileName: 'Mira Holm',
        id: 'wacid.FIXTURE1',
        providerAtMs: SENT_AT * 1000,
        opens: true,
        content: { type: 'call', event: 'connect', callId: 'wacid.FIXTURE1', direction: 'USER_INITIATED' },
      },
    ]);
  });

  it('without a direction is judged by its caller', () => {
    const toCustomer = { from: '49301234567', to: '4915112345678' };

    expect(messagesOf(parseCall(aCall({ direction: undefined })))).toMatchObject([{ opens: true }]);
    expect(parseCall(aCall({ direction: undefined, ...toCustomer }))).toEqual([ignored('other_event')]);
  });

  it.each([
    ['is started by the business', { direction: 'BUSINESS_INITIATED' }],
    ['changes its media', { event: 'media_update' }],
    ['names no event', { event: undefined }],
  ])('is ignored when it %s', (_, overrides) => {
    expect(parseCall(aCall(overrides))).toEqual([ignored('other_event')]);
  });

  it.each([
    ['from the customer', {}],
    ['from the business', { from: '49301234567', from_user_id: undefined, to: '4915112345678' }],
    ['of the business', { from: '49309999999', to: '4915112345678', direction: 'BUSINESS_INITIATED' }],
  ])('that ends is recorded with its duration and opens nothing: %s', (_, overrides) => {
    const ended = aCall({ event: 'terminate', status: 'COMPLETED', duration: 48, session: undefined, ...overrides });
    const times = { start_time: String(SENT_AT - 48), end_time: String(SENT_AT) };

    expect(messagesOf(parseCall({ ...ended, ...times }))).toMatchObject([
      {
        identities: { phone: '+4915112345678' },
        id: 'wacid.FIXTURE1:terminate',
        opens: false,
        content: {
          type: 'call',
          event: 'terminate',
          callId: 'wacid.FIXTURE1',
          status: 'COMPLETED',
          durationSeconds: 48,
          startedAt: new Date((SENT_AT - 48) * 1000).toISOString(),
          endedAt: new Date(SENT_AT * 1000).toISOString(),
        },
      },
    ]);
  });

  it('that fails is recorded with its error, whatever stands in the place of its times', () => {
    const errors = [{ code: 138_021, title: 'No media' }];
    const failed = aCall({ event: 'terminate', status: ['FAILED'], duration: 'long', start_time: 'never', errors });

    expect(messagesOf(parseCall(failed))[0]?.content).toEqual({
      type: 'call',
      event: 'terminate',
      callId: 'wacid.FIXTURE1',
      direction: 'USER_INITIATED',
      errors: [{ code: '138021', title: 'No media' }],
    });
  });

  it('is malformed when it names no customer or no time', () => {
    expect(parseCall(aCall({ from: undefined }), [])).toEqual([malformed('call names no customer')]);
    expect(parseCall(aCall({ timestamp: undefined }))).toEqual([malformed('call.timestamp')]);
  });

  it.each(['calls', 'messages'])('of the business opens the session once the customer accepts it: %s', (field) => {
    const accepted = {
      id: 'wacid.OUT1',
      type: 'call',
      status: 'ACCEPTED',
      timestamp: String(SENT_AT),
      recipient_id: '4915112345678',
    };

    expect(messagesOf(parseMeta(aNotification(aChange(aValue({ statuses: [accepted] }), field))))).toMatchObject([
      {
        identities: { phone: '+4915112345678' },
        id: 'wacid.OUT1:accepted',
        opens: true,
        content: { type: 'call', event: 'accepted', callId: 'wacid.OUT1', direction: 'BUSINESS_INITIATED' },
      },
    ]);
  });

  it.each(['RINGING', 'REJECTED', 'novelty'])('of the business is ignored while it is %s', (status) => {
    const statuses = [aStatus({ type: 'call', status })];

    expect(parseMeta(aNotification(aChange(aValue({ statuses }), 'calls')))).toEqual([ignored('other_event')]);
  });
});

describe('the switches of a channel', () => {
  it.each([
    ['reaction', { reaction: true }, aMessageOf('reaction', { message_id: 'wamid.OUT1', emoji: '🙏' }), true],
    ['unsupported', { unsupported: false }, aMessageOf('unsupported', { type: 'gif' }), false],
    ['unsupported', { unsupported: false }, aMessageOf('hologram', {}), false],
  ])('decide on %s with %j', (...[, opensSession, message, opens]) => {
    const notification = aNotification(aChange(aValue({ messages: [message] })));

    expect(messagesOf(parseMeta(notification, [aMetaChannel({ opensSession })]))[0]?.opens).toBe(opens);
  });
});

describe('a status', () => {
  it.each(['sent', 'delivered', 'read', 'played'])('reports on a message: %s', (status) => {
    expect(parseStatus(aStatus({ status }))).toEqual([
      {
        kind: 'status',
        report: {
          channel: 'support',
          status,
          providerMessageId: 'wamid.OUT1',
          reference: 'msg_01',
          recipient: { phone: '+4915112345678' },
          atMs: (SENT_AT + 5) * 1000,
        },
      },
    ]);
  });

  it('says why a message failed, in our own words', () => {
    const errors = [{ code: 131047, title: 'Re-engagement message', error_data: { details: 'to +4915112345678' } }];

    expect(reportsOf(parseStatus(aStatus({ status: 'failed', errors })))[0]?.error).toEqual({
      code: '131047',
      title: 'More than 24 hours have passed since the customer last replied',
      class: 'window_closed',
    });
  });

  it.each([[undefined], [[]], ['broken'], [[{ title: 'no code' }]]])('fails without a reason: %j', (errors) => {
    expect(reportsOf(parseStatus(aStatus({ status: 'failed', errors })))).toMatchObject([{ status: 'failed' }]);
  });

  it('has no reference on a message that others sent', () => {
    const [report] = reportsOf(parseStatus(aStatus({ biz_opaque_callback_data: undefined })));

    expect(report).toMatchObject({ status: 'delivered' });
    expect(report?.reference).toBeUndefined();
  });

  it.each(['accepted', 'deleted', 'warning', 'RINGING', 'novelty'])(
    'is ignored when it is none of ours: %s',
    (status) => {
      expect(parseStatus(aStatus({ status }))).toEqual([ignored('other_event')]);
    },
  );

  it.each<[string, Wire, object]>([
    [
      'a template',
      { billable: true, pricing_model: 'PMP', type: 'regular', category: 'marketing' },
      { category: 'marketing', type: 'regular', billable: true, model: 'PMP' },
    ],
    [
      'a free answer',
      { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' },
      { category: 'service', type: 'free_customer_service', billable: false, model: 'PMP' },
    ],
    [
      'a message priced by conversation, which has no type',
      { billable: true, pricing_model: 'CBP', category: 'utility' },
      { category: 'utility', billable: true, model: 'CBP' },
    ],
    [
      'a message without the flag that is being phased out',
      { pricing_model: 'PMP', type: 'regular', category: 'authentication-international' },
      { category: 'authentication_international', type: 'regular', model: 'PMP' },
    ],
  ])('says what a message costs: %s', (_, pricing, told) => {
    for (const status of ['sent', 'delivered', 'read', 'failed'])
      expect(reportsOf(parseStatus(aStatus({ status, pricing })))).toMatchObject([{ status, pricing: told }]);
    expect(reportsOf(parseStatus(aStatus({ pricing })))[0]?.pricing).toEqual(told);
  });

  it.each([
    [undefined],
    [null],
    ['regular'],
    [[]],
    [{}],
    [{ category: null, type: 'regular' }],
    [{ billable: true, pricing_model: 'PMP' }],
  ])('is the same without a price that can be read: %j', (pricing) => {
    expect(parseStatus(aStatus({ pricing }))).toEqual(parseStatus(aStatus()));
  });

  it('is ignored when it tells of a group', () => {
    expect(parseStatus(aStatus({ recipient_type: 'group', recipient_id: 'G1' }))).toEqual([ignored('other_event')]);
  });

  it.each([
    [{ id: undefined }, 'status.id'],
    [{ timestamp: 'soon' }, 'status.timestamp'],
    [{ status: undefined }, 'status.status'],
  ])('is malformed without what it is about: %j', (overrides, reason) => {
    expect(parseStatus(aStatus(overrides))).toEqual([{ kind: 'malformed', reason }]);
  });
});
