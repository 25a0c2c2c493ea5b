import { describe, expect, it } from 'vitest';
import {
  dueAttributes,
  duePlace,
  dueShards,
  exactSeconds,
  exactUntil,
  parseDuePlace,
  parseDueShard,
} from '../../../../functions/shared/store/due/due-entry.ts';
import { aCustomer, aUserId, NOW_SECONDS } from '../../../support/builders.ts';

const phone = aCustomer();
const due = { kind: 'session', channel: 'support', customer: phone, dueAt: NOW_SECONDS } as const;

describe('an entry of the due index', () => {
  it('is in a shard of its kind and its channel, at its second', () => {
    expect(dueAttributes(due)).toEqual({
      dueShard: expect.stringMatching(/^session#support#[0-3]$/),
      dueAt: NOW_SECONDS,
    });
    expect(parseDueShard(dueAttributes({ ...due, kind: 'send' }).dueShard)).toEqual({
      kind: 'send',
      channel: 'support',
    });
  });

  it('stays in its shard at any second', () => {
    expect(dueAttributes({ ...due, dueAt: NOW_SECONDS + 86_400 }).dueShard).toBe(dueAttributes(due).dueShard);
  });

  it('is in one of the shards that are read, which customers fill alike', () => {
    const shards = Array.from(
      { length: 200 },
      (_, index) => dueAttributes({ ...due, customer: aCustomer(`+1555078${1000 + index}`) }).dueShard,
    );

    expect(new Set(shards)).toEqual(new Set(dueShards(due)));
    for (const shard of dueShards(due)) expect(shards.filter((one) => one === shard).length).toBeGreaterThan(30);
  });
});

describe('the seconds in which entries are exact', () => {
  it.each([
    [1, 3_600],
    [3_600, 3_600],
    [43_200, 43_200],
  ])('are, with a lead of %i, the next %i', (lead, seconds) => {
    expect(exactSeconds(lead)).toBe(seconds);
    // Writers and the sweep have different clocks.
    expect(exactUntil(NOW_SECONDS, lead)).toBe(NOW_SECONDS + seconds + 300);
  });
});

describe('a place in the due index', () => {
  it.each([phone, aUserId()])('leads back to second and customer: %s', (customer) => {
    const place = { dueAt: NOW_SECONDS, customer };

    expect(parseDuePlace(duePlace(place))).toEqual(place);
  });

  it('is not read from anything else', () => {
    expect(() => parseDuePlace('MSG#1795165200000#wamid.1')).toThrow('names a second and a customer');
  });
});
