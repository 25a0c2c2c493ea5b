import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../functions/sessions-api/cursor.ts';
import { messageKey, parseMessageKey } from '../../functions/shared/store/keys.ts';
import { parseReference, toReference } from '../../functions/shared/store/message/message-reference.ts';
import { anyChannelId, anyCustomer, anyMessageId, anyMilliseconds } from '../support/arbitraries.ts';

const anyProviderId = fc.string({ minLength: 1, maxLength: 100 });

describe('keys', () => {
  it('of a message lead back to its name', () => {
    const anyName = fc.record({
      channel: anyChannelId,
      customer: anyCustomer,
      atMs: anyMilliseconds,
      id: anyProviderId,
    });

    fc.assert(
      fc.property(anyName, (name) => {
        expect(parseMessageKey(messageKey(name))).toEqual(name);
      }),
    );
  });

  it('of two messages are the same only for the same message', () => {
    const anyName = fc.record({
      channel: fc.constantFrom('a', 'a-b', 'b'),
      customer: anyCustomer,
      atMs: fc.constantFrom(0, 1, 1_795_165_200_000),
      id: fc.constantFrom('1', '1#1', '#', 'wamid.1'),
    });
    fc.assert(
      fc.property(anyName, anyName, (one, other) => {
        const sameKey = JSON.stringify(messageKey(one)) === JSON.stringify(messageKey(other));

        expect(sameKey).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it('of messages sort by their time, whatever their ids', () => {
    const anyMoment = fc.record({ atMs: fc.oneof(fc.nat(20_000), anyMilliseconds), id: anyProviderId });

    fc.assert(
      fc.property(anyCustomer, anyMoment, anyMoment, (customer, one, other) => {
        fc.pre(one.atMs < other.atMs);
        const sortKey = (moment: { atMs: number; id: string }) =>
          messageKey({ channel: 'support', customer, ...moment }).sk;

        expect(sortKey(one) < sortKey(other)).toBe(true);
      }),
    );
  });
});

describe('a reference', () => {
  it('is read back as what was written', () => {
    fc.assert(
      fc.property(anyMilliseconds, anyMessageId, anyCustomer, (atMs, id, customer) => {
        expect(parseReference(toReference({ atMs, id, customer }))).toEqual({ atMs, id, customer });
      }),
    );
  });

  it('is never read from something else than what would be written', () => {
    const anyGarbage = fc.oneof(
      fc.string(),
      fc.tuple(anyMilliseconds, anyMessageId, fc.string()).map(([atMs, id, rest]) => `cw1.${atMs}.${id}.${rest}`),
    );

    fc.assert(
      fc.property(anyGarbage, (text) => {
        const read = parseReference(text);

        if (read !== undefined) expect(parseReference(toReference(read))).toEqual(read);
      }),
    );
  });
});

describe('a cursor', () => {
  it('is read back as the sort key it was made of', () => {
    fc.assert(
      fc.property(anyCustomer, anyMilliseconds, anyProviderId, (customer, atMs, id) => {
        const { sk } = messageKey({ channel: 'support', customer, atMs, id });

        expect(decodeCursor(encodeCursor(sk), /^MSG#/)).toBe(sk);
      }),
    );
  });

  it('is safe in a query string', () => {
    fc.assert(
      fc.property(anyProviderId, (id) => {
        expect(encodeCursor(`MSG#1795165200000#${id}`)).toMatch(/^[\w-]+$/);
      }),
    );
  });
});
