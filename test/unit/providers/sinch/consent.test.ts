import { describe, expect, it } from 'vitest';
import type { WebhookItem } from '../../../../functions/shared/providers/provider.ts';
import { createSinchReader } from '../../../../functions/shared/providers/sinch/reader.ts';
import { aCallback, aSinchAccount, aSinchChannel, bytesOf, SINCH_SECRETS } from '../../../support/sinch.ts';

const reader = createSinchReader({
  account: aSinchAccount(),
  channels: [aSinchChannel()],
  secrets: () => Promise.resolve(SINCH_SECRETS),
});

const KEYS = ['opt_in_notification', 'opt_out_notification'] as const;
type Key = (typeof KEYS)[number];
const WORD = { opt_in_notification: 'OPT_IN', opt_out_notification: 'OPT_OUT' } as const;

const read = (key: Key, fields: Record<string, unknown> = {}, envelope: Record<string, unknown> = {}): WebhookItem => {
  const [item, ...others] = reader.parse(
    bytesOf(
      aCallback(
        {
          [key]: {
            request_id: '01KADQ2M7S0V9T4JYB6GREQ001',
            contact_id: '01KADQ2M7S0V9T4JYB6GCONT01',
            channel: 'WHATSAPP',
            identity: '4915112345678',
            status: `${WORD[key]}_SUCCEEDED`,
            processing_mode: 'CONVERSATION',
            ...fields,
          },
        },
        envelope,
      ),
    ),
  );
  if (item === undefined || others.length > 0) throw new Error('expected exactly one item');
  return item;
};

describe.each(KEYS)('%s', (key) => {
  it('that succeeded changes the whole consent, at the second of the event', () => {
    const isIn = key === 'opt_in_notification';

    expect(read(key)).toEqual({
      kind: 'consent',
      report: {
        channel: 'support-sinch',
        identities: { phone: '+4915112345678' },
        change: {
          id: '01KADQ2M7S0V9T4JYB6GREQ001',
          scope: 'all',
          state: isIn ? 'opted_in' : 'opted_out',
          effectiveAt: Date.parse('2026-11-20T09:00:01Z') / 1000,
          source: isIn ? 'sinch_opt_in' : 'sinch_opt_out',
          actor: 'provider',
        },
      },
    });
  });

  it('counts from its receipt when the channel gave no time', () => {
    expect(read(key, {}, { event_time: undefined })).toMatchObject({
      report: { change: { effectiveAt: Date.parse('2026-11-20T09:00:03Z') / 1000 } },
    });
  });

  it('is recognised when it comes again, also without a request id', () => {
    expect(read(key, { request_id: undefined })).toMatchObject({ report: { change: { id: key } } });
    expect(read(key, { request_id: '' })).toEqual(read(key, { request_id: undefined }));
  });

  it.each(['SUCCEEDED', 'FAILED', 'STATUS_UNSPECIFIED'])(
    'that says the opposite, %s, is quarantined, whatever name it has',
    (ending) => {
      const opposite = key === 'opt_in_notification' ? 'OPT_OUT' : 'OPT_IN';
      const quarantined = { kind: 'quarantined', reason: `${key} says the opposite`, kept: expect.anything() };

      expect(read(key, { status: `${opposite}_${ending}` })).toEqual(quarantined);
      expect(read(key, { status: `${opposite}_${ending}`, identity: '' })).toEqual(quarantined);
    },
  );

  it.each(['FAILED', 'STATUS_UNSPECIFIED', 'PENDING'])('that says %s changes nothing', (ending) => {
    expect(read(key, { status: `${WORD[key]}_${ending}`, identity: undefined })).toEqual({
      kind: 'ignored',
      reason: 'other_event',
    });
  });

  it('of another channel changes nothing', () => {
    expect(read(key, { channel: 'VIBER' })).toEqual({ kind: 'ignored', reason: 'other_channel' });
  });

  it.each([
    [{ identity: undefined }, {}, 'no customer'],
    [{ identity: 'some body' }, {}, 'no customer'],
    [{}, { event_time: undefined, accepted_time: 'yesterday' }, 'no time'],
    [{ status: undefined }, {}, `no ${key}`],
    [{ channel: undefined }, {}, `no ${key}`],
  ])('is malformed without what it is about: %j %j', (fields, envelope, reason) => {
    expect(read(key, fields, envelope)).toEqual({ kind: 'malformed', reason, kept: expect.anything() });
  });
});

describe('a callback that opts in and out at once', () => {
  it('is never read as permission', () => {
    const of = (word: string) => ({ channel: 'WHATSAPP', identity: '4915112345678', status: `${word}_SUCCEEDED` });
    const both = { opt_in_notification: of('OPT_IN'), opt_out_notification: of('OPT_OUT') };

    expect(reader.parse(bytesOf(aCallback(both)))).toMatchObject([{ report: { change: { state: 'opted_out' } } }]);
  });
});
