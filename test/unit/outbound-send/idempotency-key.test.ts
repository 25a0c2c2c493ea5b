import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashRequest, readIdempotencyKey, toMessageId } from '../../../functions/outbound-send/idempotency-key.ts';
import { anEvent } from '../../support/events.ts';

const read = (header: string) =>
  readIdempotencyKey(anEvent('POST /v1/messages', { headers: { 'idempotency-key': header } }));

describe('the Idempotency-Key header', () => {
  it('may be left out', () => {
    expect(readIdempotencyKey(anEvent('POST /v1/messages'))).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ['order-7', 'order-7'],
    ['"order-7"', 'order-7'],
    ['  order-7 ', 'order-7'],
    ['"a \\"quoted\\" key"', 'a "quoted" key'],
    ['"half', '"half'],
  ])('reads %s as %s', (header, key) => {
    expect(read(header)).toEqual({ ok: true, value: key });
  });
});

describe('the id of a key', () => {
  it('has the form of every message id and is the same for ever', () => {
    expect(toMessageId('support', 'order-7')).toMatch(/^msg_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(toMessageId('support', 'order-7')).toBe(toMessageId('support', 'order-7'));
  });

  it('differs between keys and between channels', () => {
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.string()), fc.tuple(fc.string(), fc.string()), (one, other) => {
        const channels = [one[0], other[0]].map((name) => name.replaceAll('\n', ''));
        fc.pre(channels[0] !== channels[1] || one[1] !== other[1]);
        expect(toMessageId(channels[0] ?? '', one[1])).not.toBe(toMessageId(channels[1] ?? '', other[1]));
      }),
    );
  });
});

describe('the hash of a request', () => {
  it('does not depend on the order of fields, and does on everything else', () => {
    const request = { to: '+1', content: { type: 'text', text: 'a', nested: [{ b: 1, a: 2 }] } };

    expect(hashRequest({ content: { nested: [{ a: 2, b: 1 }], text: 'a', type: 'text' }, to: '+1' })).toBe(
      hashRequest(request),
    );
    expect(hashRequest({ ...request, to: '+2' })).not.toBe(hashRequest(request));
    expect(hashRequest({ to: '+1', content: { type: 'text', text: 'a', nested: [] } })).not.toBe(hashRequest(request));
  });
});
