import { describe, expect, it } from 'vitest';
import type { InboundMessage } from '../../../../functions/shared/domain/inbound.ts';
import {
  aChange,
  aContact,
  aMessage,
  aMessageOf,
  aNotification,
  aValue,
  messagesOf,
  parseMeta,
} from '../../../support/meta.ts';

const PHONE = '+4915112345678';
const USER_ID = 'DE.4000000000000001';

const parse = (message: unknown, contacts: unknown) =>
  parseMeta(aNotification(aChange(aValue({ contacts, messages: [message] }))));

const read = (message: unknown, contacts: unknown = [aContact()]): InboundMessage | undefined =>
  messagesOf(parse(message, contacts))[0];

const nobody = aMessage({ from: undefined, from_user_id: undefined });

const aSystemMessage = (content: object, overrides: object = {}) =>
  aMessageOf('system', content, { from: undefined, from_user_id: undefined, ...overrides });

describe('the sender of a message', () => {
  it('is known by phone number and user id', () => {
    expect(read(aMessage(), [])?.identities).toEqual({ phone: PHONE, userId: USER_ID });
  });

  it('is known by user id alone where the number is hidden', () => {
    expect(read(aMessage({ from: undefined }), [aContact({ wa_id: undefined })])?.identities).toEqual({
      userId: USER_ID,
    });
  });

  it('is known by phone number alone where there is no user id', () => {
    expect(read(aMessage({ from_user_id: undefined }), null)?.identities).toEqual({ phone: PHONE });
  });

  it('may stand as a user id in place of the phone number', () => {
    expect(read(aMessage({ from: USER_ID, from_user_id: undefined }), [])?.identities).toEqual({ userId: USER_ID });
  });

  it('has the user id of the contact with the same number', () => {
    const contacts = [aContact({ wa_id: '4930999999', user_id: 'DE.2' }), aContact()];

    expect(read(aMessage({ from_user_id: undefined }), contacts)?.identities).toEqual({
      phone: PHONE,
      userId: USER_ID,
    });
  });

  it('has the number of the contact with the same user id', () => {
    const contacts = [aContact({ wa_id: '4930999999', user_id: 'DE.2' }), aContact()];

    expect(read(aMessage({ from: undefined }), contacts)?.identities).toEqual({ phone: PHONE, userId: USER_ID });
  });

  it('is the only contact where the message itself names no customer', () => {
    expect(read(nobody)).toMatchObject({ identities: { phone: PHONE, userId: USER_ID }, profileName: 'Mira Holm' });
  });

  it('keeps the user id of the message when the contact has it garbled', () => {
    const message = read(aMessage({ from: undefined }), [aContact({ wa_id: undefined, user_id: `u ${USER_ID}` })]);

    expect(message).toMatchObject({ identities: { userId: USER_ID }, profileName: 'Mira Holm' });
  });

  it.each([
    ['number', { wa_id: '4930999999', user_id: undefined }],
    ['user id', { wa_id: undefined, user_id: 'DE.2' }],
  ])('is not mixed up with an only contact of another %s', (_, other) => {
    const message = read(aMessage(), [aContact(other)]);

    expect(message?.identities).toEqual({ phone: PHONE, userId: USER_ID });
    expect(message?.profileName).toBeUndefined();
  });

  it('has no name where several contacts fit no customer', () => {
    const contacts = [
      aContact({ wa_id: '4930999999', user_id: 'DE.2' }),
      aContact({ wa_id: '4930888888', user_id: 'DE.3' }),
    ];

    expect(read(aMessage(), contacts)?.profileName).toBeUndefined();
  });

  it.each([[null], ['x'], [{ profile: 7 }], [{ wa_id: 7, profile: { name: '' } }]])(
    'survives a contact that cannot be read: %j',
    (contact) => {
      expect(read(aMessage(), [contact, aContact()])).toMatchObject({ profileName: 'Mira Holm' });
    },
  );

  it.each([
    ['nobody', nobody, []],
    ['one of several contacts', nobody, [aContact(), aContact({ wa_id: '4930999999', user_id: 'DE.2' })]],
    ['several words', aMessage({ from: 'some one', from_user_id: undefined }), []],
  ])('is missing where the message names %s', (_, message, contacts) => {
    expect(parse(message, contacts)).toEqual([
      { kind: 'malformed', reason: 'message names no sender', kept: expect.anything() },
    ]);
  });
});

describe('the customer of a system message', () => {
  it('is the one who changed the number', () => {
    const changed = aSystemMessage({ type: 'user_changed_number', wa_id: '4915199999999' }, { from: '4915112345678' });

    expect(read(changed, null)?.identities).toEqual({ phone: PHONE });
  });

  it('is named by the user id that was given up', () => {
    const changed = aSystemMessage({ type: 'user_changed_user_id', user_id: 'DE.2', previous_user_id: USER_ID });

    expect(read(changed, null)?.identities).toEqual({ userId: USER_ID });
  });

  it('is named by the user id where no other is given', () => {
    expect(read(aSystemMessage({ type: 'x', user_id: USER_ID, wa_id: '4915199999999' }), null)?.identities).toEqual({
      userId: USER_ID,
    });
  });

  it('is named by the new number where nothing else is given', () => {
    expect(read(aSystemMessage({ type: 'user_changed_number', wa_id: '4915112345678' }), null)?.identities).toEqual({
      phone: PHONE,
    });
  });

  it.each([
    ['user.9373795779eb6441', 'user.9373795779eb6441'],
    ['49', '~49'],
    [PHONE.slice(1), `~${PHONE.slice(1)}`],
  ])('opaque-user-id: takes the user id %s, apart from every phone number', (from_user_id, userId) => {
    const contacts = [{ profile: { name: 'S', username: '@s' }, wa_id: '', user_id: from_user_id }];

    expect(read(aMessage({ from: '', from_user_id }), contacts)).toMatchObject({
      identities: { userId },
      profileName: 'S',
      username: '@s',
    });
  });
});
