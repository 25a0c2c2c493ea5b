import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { toRequest } from '../../../functions/event-delivery/to-request.ts';
import { aDelivery, OLDER_SECRET, SIGNING_SECRET, signByHand } from '../../support/deliveries.ts';

describe('the request that an endpoint receives', () => {
  it('carries type, time and the whole event', () => {
    const { type, detail } = aDelivery();

    expect(JSON.parse(toRequest(aDelivery(), [SIGNING_SECRET], new Date()).body)).toEqual({
      type,
      timestamp: detail.occurredAt,
      data: detail,
    });
  });

  it('carries the id of the event and the whole second of this attempt', () => {
    const { headers } = toRequest(aDelivery(), [SIGNING_SECRET], new Date('2026-11-20T12:00:01.999Z'));

    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': aDelivery().detail.id,
      'webhook-timestamp': '1795176001',
    });
  });

  it('is signed by the specification of Standard Webhooks', () => {
    const { headers, body } = toRequest(aDelivery(), [SIGNING_SECRET], new Date());

    expect(headers['webhook-signature']).toBe(signByHand(SIGNING_SECRET, headers, body));
  });

  it('verifies with either live secret during a rotation, and with no other', () => {
    const { headers, body } = toRequest(aDelivery(), [SIGNING_SECRET, OLDER_SECRET], new Date());
    const verifyWith = (secret: string) => () => new Webhook(secret).verify(body, headers);

    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    expect(verifyWith(SIGNING_SECRET)()).toEqual(JSON.parse(body));
    expect(verifyWith(OLDER_SECRET)()).toEqual(JSON.parse(body));
    expect(verifyWith(`whsec_${btoa('a-secret-of-another-endpoint-alone')}`)).toThrow('No matching signature');
  });
});
