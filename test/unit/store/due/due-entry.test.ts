import { describe, expect, it } from 'vitest';
import {
  dueAttributes,
  dueBuckets,
  duePlace,
  dueShards,
  exactSeconds,
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
      dueBucket: expect.stringMatching(new RegExp(`^session#support#${NOW_SECONDS}#[0-3]$`)),
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

describe('the buckets of the release before', () => {
  it('hold the bucket of everything due in a span', () => {
    const at = { ...due, dueAt: NOW_SECONDS + 377 };

    const [first, second] = dueBuckets({ ...at, from: NOW_SECONDS + 299, to: at.dueAt });

    expect([first?.start, second?.start, second?.end]).toEqual([NOW_SECONDS, NOW_SECONDS + 300, NOW_SECONDS + 599]);
    expect(second?.names).toContain(dueAttributes(at).dueBucket);
  });
});

describe('the seconds in which entries are exact', () => {
  it.each([
    [1, 3_600],
    [3_600, 3_600],
    [43_200, 43_200],
  ])('are, with a lead of %i, the next %i', (lead, seconds) => {
    expect(exactSeconds(lead)).toBe(seconds);
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
