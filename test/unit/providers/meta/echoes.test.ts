import { describe, expect, it } from 'vitest';
import { aChange, aContact, aNotification, aValue, parseMeta, SENT_AT, type Wire } from '../../../support/meta.ts';

/** What a colleague wrote on the phone, as Meta sends it. */
const anEcho = (overrides: Wire = {}): Wire => ({
  from: '49301234567',
  to: '4915112345678',
  id: 'wamid.ECHO1',
  timestamp: String(SENT_AT),
  type: 'text',
  text: { body: 'I will call you.' },
  ...overrides,
});

const parseEchoes = (...message_echoes: readonly unknown[]) =>
  parseMeta(aNotification(aChange(aValue({ message_echoes }), 'smb_message_echoes')));

const parseStandby = (...message_echoes: readonly unknown[]) =>
  parseMeta(aNotification(aChange(aValue({ standby: { contacts: [aContact()], message_echoes } }), 'standby')));

describe('an echo of the WhatsApp Business app', () => {
  it('is a message to the customer, written on the phone', () => {
    expect(parseEchoes(anEcho({ to_user_id: 'DE.4000000000000001' }))).toEqual([
      {
        kind: 'echo',
        message: {
          channel: 'support',
          identities: { phone: '+4915112345678', userId: 'DE.4000000000000001' },
          id: 'wamid.ECHO1',
          providerAtMs: SENT_AT * 1000,
          author: 'phone_app',
          content: { type: 'text', text: 'I will call you.' },
        },
      },
    ]);
  });

  it('to a customer who shows no number has a user id', () => {
    expect(parseEchoes(anEcho({ to: undefined, to_user_id: 'DE.4000000000000001' }))).toMatchObject([
      { message: { identities: { userId: 'DE.4000000000000001' } } },
    ]);
  });

  it.each([
    ['an edit', { type: 'edit', edit: { original_message_id: 'wamid.ECHO0', message: { type: 'text' } } }, 'edit'],
    ['a revoke', { type: 'revoke', revoke: { original_message_id: 'wamid.ECHO0' } }, 'revoke'],
    ['an unknown type', { type: 'hologram', hologram: {} }, 'raw'],
    ['no type', { type: undefined }, 'raw'],
  ])('is read by its type: %s', (_, overrides, type) => {
    expect(parseEchoes(anEcho(overrides))).toMatchObject([{ kind: 'echo', message: { content: { type } } }]);
  });

  it.each([
    ['to a group', anEcho({ group_id: 'G1' })],
    ['to a group by its kind of recipient', anEcho({ recipient_type: 'group' })],
  ])('is ignored %s', (_, echo) => {
    expect(parseEchoes(echo)).toEqual([{ kind: 'ignored', reason: 'other_event' }]);
  });

  it.each([
    ['without an id', anEcho({ id: undefined }), 'message_echo.id'],
    ['without a time', anEcho({ timestamp: 'soon' }), 'message_echo.timestamp'],
    ['without a customer', anEcho({ to: undefined }), 'message_echo names no customer'],
    ['that is no object', 7, 'message_echo'],
  ])('is kept as it is %s', (_, raw, reason) => {
    expect(parseEchoes(raw)).toEqual([{ kind: 'malformed', reason, kept: { raw, channel: 'support' } }]);
  });

  it('never loses another one of its batch', () => {
    expect(parseEchoes(anEcho({ id: 'a' }), null, anEcho({ id: 'b' })).map(({ kind }) => kind)).toEqual([
      'echo',
      'malformed',
      'echo',
    ]);
  });
});

describe('an echo in standby', () => {
  it('was written by the Business Agent of Meta, and holds what was sent one level deeper', () => {
    const sent = { to: '+4915112345678', type: 'text', text: { body: 'It has shipped.' } };
    const expected = {
      kind: 'echo',
      message: {
        identities: { phone: '+4915112345678' },
        author: 'meta_agent',
        content: { type: 'text', text: 'It has shipped.' },
      },
    };

    expect(parseStandby({ id: 'wamid.ECHO1', timestamp: String(SENT_AT), message: sent })).toMatchObject([expected]);
    expect(parseStandby({ id: 'wamid.ECHO1', timestamp: String(SENT_AT), ...sent })).toMatchObject([expected]);
  });
});
