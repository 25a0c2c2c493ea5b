import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSinchReader } from '../../functions/shared/providers/sinch/reader.ts';
import { aCallback, anInbound, aSinchAccount, aSinchChannel, bytesOf, SINCH_SECRETS } from '../support/sinch.ts';

const reader = createSinchReader({
  account: aSinchAccount(),
  channels: [aSinchChannel()],
  secrets: () => Promise.resolve(SINCH_SECRETS),
});

const KEYS = [
  'message',
  'event',
  'message_delivery_report',
  'event_time',
  'accepted_time',
  'opt_in_notification',
  'opt_out_notification',
];

describe('the reader of Sinch webhooks', () => {
  it('makes exactly one item of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(reader.parse(bytes)).toEqual([
          {
            kind: 'malformed',
            reason: 'not a Sinch callback',
            kept: { raw: expect.toSatisfy((raw) => raw !== undefined) },
          },
        ]);
      }),
    );
  });

  it('makes exactly one item of any JSON under the known keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...KEYS), fc.jsonValue()), (fields) => {
        expect(reader.parse(bytesOf(aCallback(fields)))).toHaveLength(1);
      }),
    );
  });

  it('opens the session with whatever a customer sends', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (contactMessage) => {
        expect(reader.parse(bytesOf(anInbound(contactMessage)))).toMatchObject([
          { kind: 'message', message: { opens: true, providerAtMs: Date.parse('2026-11-20T09:00:01.731Z') } },
        ]);
      }),
    );
  });

  it('reads a time with 0 to 9 digits of a second, truncated to milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 999_999_999 }), (digits, nanos) => {
        const fraction = String(nanos).padStart(9, '0').slice(0, digits);
        const event_time = `2026-11-20T09:00:01${digits === 0 ? '' : `.${fraction}`}Z`;
        const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));

        expect(reader.parse(bytesOf(anInbound({ text_message: { text: 'x' } }, {}, { event_time })))).toMatchObject([
          { message: { providerAtMs: Date.parse('2026-11-20T09:00:01Z') + milliseconds } },
        ]);
      }),
    );
  });
});
