import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { toEntry } from '../../../../functions/shared/events/to-entry.ts';
import { storedContent } from '../../../../functions/shared/store/message/stored-json.ts';

/** A character that takes the most bytes in JSON. */
const WIDE = '\u0001';
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const cards = (count: number, text: string) =>
  Array.from({ length: count }, () => ({
    name: { formatted: text, first: text, last: text },
    phones: Array.from({ length: 4 }, () => ({ phone: text, type: text, waId: text })),
    photo: 'x'.repeat(20_000),
  }));
const stored = (content: { readonly type: string }): { readonly type: string } => JSON.parse(storedContent(content));

describe('content that is too large for the table', () => {
  it('keeps the names and phones of contacts', () => {
    const content = { type: 'contacts', contacts: cards(16, 'Ada') };

    expect(stored(content)).toEqual({
      type: 'contacts',
      contacts: cards(16, 'Ada').map(({ name, phones }) => ({ name, phones: phones.slice(0, 3) })),
      tooLargeBytes: expect.any(Number),
    });
  });

  it('keeps what can be read of content that is nested too deeply', () => {
    const content = { type: 'text', text: 'Hello', more: nested(20_000) };

    expect(stored(content)).toEqual({ type: 'text', text: 'Hello', tooDeep: true });
  });

  it('fits into an event whatever is in it, without the ad where both are large', () => {
    const wide = WIDE.repeat(5_000);
    const texts = { text: wide, caption: wide, url: wide, name: wide, address: wide, body: wide, title: wide };
    const huge = { type: 'contacts', ...texts, contacts: cards(50, wide) };
    const content = stored(huge);
    const data = { messageId: 'wamid.1', content, referral: { body: 'x'.repeat(49_000) }, requestId: 'r' };
    const detail = { occurredAt: '2026-11-20T12:00:00.000Z', channel: 'support', customer: CustomerKey.parse('+1') };

    const entry = toEntry({ type: 'message.received', identity: ['1'], detail: { ...detail, data } });

    expect(Buffer.byteLength(entry.detail)).toBeLessThan(250_000);
    const { referral: _, ...rest } = data;
    expect(JSON.parse(entry.detail).data).toEqual(rest);
  });
});
