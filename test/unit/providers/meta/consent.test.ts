import { describe, expect, it } from 'vitest';
import { aChange, aNotification, aValue, parseMeta, SENT_AT, type Wire } from '../../../support/meta.ts';

const CONTACTS = [{ wa_id: '4915112345678', user_id: 'DE.4000000000000001' }];

const aPreference = (overrides: Wire = {}): Wire => ({
  wa_id: '4915112345678',
  detail: 'User requested to stop marketing messages',
  category: 'marketing_messages',
  value: 'stop',
  timestamp: SENT_AT,
  ...overrides,
});

const parse = (preferences: unknown, value: Wire = {}) =>
  parseMeta(
    aNotification(aChange(aValue({ contacts: [], user_preferences: preferences, ...value }), 'user_preferences')),
  );

describe('a preference about marketing messages', () => {
  it('that stops them is an opt-out of marketing alone, at the second WhatsApp says', () => {
    expect(parse([aPreference()])).toEqual([
      {
        kind: 'consent',
        report: {
          channel: 'support',
          identities: { phone: '+4915112345678' },
          change: {
            id: 'user_preferences:stop',
            scope: 'marketing',
            state: 'opted_out',
            effectiveAt: SENT_AT,
            source: 'user_preferences',
            actor: 'customer',
            categories: ['marketing_messages'],
          },
        },
      },
    ]);
  });

  it.each(['resume', 'signup'])('that says %s lifts the stop', (value) => {
    expect(parse([aPreference({ value })])).toMatchObject([
      { report: { change: { id: `user_preferences:${value}`, scope: 'marketing', state: 'opted_in' } } },
    ]);
  });

  it('may name the customer by user id alone, and learns the other name from the contacts', () => {
    const bare = aPreference({ wa_id: undefined, user_id: 'DE.4000000000000001' });

    expect(parse([bare])).toMatchObject([{ report: { identities: { userId: 'DE.4000000000000001' } } }]);
    expect(parse([bare], { contacts: CONTACTS })).toMatchObject([
      { report: { identities: { phone: '+4915112345678', userId: 'DE.4000000000000001' } } },
    ]);
  });

  it('is read one by one: a broken one costs none of the others', () => {
    expect(parse([null, aPreference(), aPreference({ timestamp: 'soon' })])).toMatchObject([
      { kind: 'malformed', reason: 'user_preference', kept: expect.anything() },
      { kind: 'consent' },
      { kind: 'malformed', reason: 'user_preference.timestamp', kept: expect.anything() },
    ]);
  });

  it('is malformed when it names no customer', () => {
    expect(parse([aPreference({ wa_id: undefined })])).toEqual([
      { kind: 'malformed', reason: 'user_preference names no customer', kept: expect.anything() },
    ]);
  });

  it.each([{ category: 'utility_messages' }, { value: 'pause' }, { value: 'constructor' }])(
    'is ignored when it says something else: %j',
    (overrides) => {
      expect(parse([aPreference(overrides)])).toEqual([{ kind: 'ignored', reason: 'other_event' }]);
    },
  );

  it('is ignored when it is about a number of another account', () => {
    expect(parse([aPreference()], { metadata: { phone_number_id: '999' } })).toEqual([
      { kind: 'ignored', reason: 'foreign_number' },
    ]);
  });

  it('is malformed when there is no list', () => {
    expect(parse('stop')).toEqual([{ kind: 'malformed', reason: 'user_preferences', kept: expect.anything() }]);
    expect(parse(undefined)).toEqual([{ kind: 'ignored', reason: 'other_event' }]);
  });
});
