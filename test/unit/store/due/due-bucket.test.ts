import { describe, expect, it } from 'vitest';
import {
  dueBucket,
  dueBucketsBetween,
  duePlace,
  parseDuePlace,
  shareOf,
} from '../../../../functions/shared/store/due/due-bucket.ts';
import { aCustomer, aUserId, NOW_SECONDS } from '../../../support/builders.ts';

const phone = aCustomer();
const userId = aUserId();

describe('the due bucket', () => {
  const due = { kind: 'session', channel: 'support', customer: phone, dueAt: NOW_SECONDS } as const;
  const bucketOf = (dueAt: number) => dueBucket({ ...due, dueAt });

  it('stays for five minutes and changes with them', () => {
    expect(bucketOf(NOW_SECONDS + 1)).toBe(bucketOf(NOW_SECONDS));
    expect(bucketOf(NOW_SECONDS + 299)).toBe(bucketOf(NOW_SECONDS));
    expect(bucketOf(NOW_SECONDS + 300)).not.toBe(bucketOf(NOW_SECONDS));
    expect(bucketOf(NOW_SECONDS - 1)).not.toBe(bucketOf(NOW_SECONDS));
  });

  it('names kind, channel, the begin of its 5 minutes and a shard', () => {
    expect(bucketOf(NOW_SECONDS + 42)).toMatch(new RegExp(`^session#support#${NOW_SECONDS}#[0-3]$`));
    expect(dueBucket({ ...due, kind: 'send' })).toMatch(new RegExp(`^send#support#${NOW_SECONDS}#[0-3]$`));
  });

  it('spreads customers over all shards', () => {
    const buckets = Array.from({ length: 200 }, (_, index) =>
      dueBucket({ ...due, customer: aCustomer(`+1555078${1000 + index}`) }),
    );

    expect(new Set(buckets).size).toBe(4);
  });
});

describe('the due buckets of a span', () => {
  it('are all that it touches, oldest first, in every shard', () => {
    const span = { kind: 'send', channel: 'support', from: NOW_SECONDS + 299, to: NOW_SECONDS + 300 } as const;

    expect(dueBucketsBetween(span)).toEqual([
      ...[0, 1, 2, 3].map((shard) => `send#support#${NOW_SECONDS}#${shard}`),
      ...[0, 1, 2, 3].map((shard) => `send#support#${NOW_SECONDS + 300}#${shard}`),
    ]);
  });

  it('hold the bucket of everything due in it', () => {
    const due = { kind: 'send', channel: 'support', customer: aCustomer(), dueAt: NOW_SECONDS + 77 } as const;

    expect(dueBucketsBetween({ ...due, from: due.dueAt, to: due.dueAt })).toContain(dueBucket(due));
  });

  it('are none when the span ends before it begins', () => {
    expect(dueBucketsBetween({ kind: 'send', channel: 'support', from: NOW_SECONDS, to: NOW_SECONDS - 301 })).toEqual(
      [],
    );
  });
});

describe('the share of a bucket in a span', () => {
  const bucket = dueBucket({ kind: 'session', channel: 'support', customer: phone, dueAt: NOW_SECONDS });

  it.each([
    { from: NOW_SECONDS, to: NOW_SECONDS + 299, share: 1 },
    { from: NOW_SECONDS - 1_000, to: NOW_SECONDS + 1_000, share: 1 },
    { from: NOW_SECONDS + 299, to: NOW_SECONDS + 1_000, share: 1 / 300 },
    { from: NOW_SECONDS - 1_000, to: NOW_SECONDS + 149, share: 0.5 },
    { from: NOW_SECONDS + 30, to: NOW_SECONDS + 59, share: 0.1 },
    { from: NOW_SECONDS + 300, to: NOW_SECONDS + 1_000, share: 0 },
    { from: NOW_SECONDS - 1_000, to: NOW_SECONDS - 1, share: 0 },
  ])('from $from to $to, both included, is $share', ({ from, to, share }) => {
    expect(shareOf(bucket, { from, to })).toBe(share);
  });
});

describe('a place in the due index', () => {
  it.each([phone, userId])('leads back to second and customer: %s', (customer) => {
    const place = { dueAt: NOW_SECONDS, customer };

    expect(parseDuePlace(duePlace(place))).toEqual(place);
  });

  it('is not read from anything else', () => {
    expect(() => parseDuePlace('MSG#1795165200000#wamid.1')).toThrow('names a second and a customer');
  });
});
