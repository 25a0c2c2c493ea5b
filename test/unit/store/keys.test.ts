import { describe, expect, it } from 'vitest';
import {
  customerKey,
  dueBucket,
  dueBucketsBetween,
  duePlace,
  messageKey,
  parseMessageKey,
  parseReference,
  placeOf,
  sendKey,
  sessionKey,
  shareOf,
  toReference,
} from '../../../functions/shared/store/keys.ts';
import { aCustomer, aUserId, NOW, NOW_SECONDS } from '../../support/builders.ts';

const phone = aCustomer();
const userId = aUserId();
const MESSAGE_ID = 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R';

describe('the keys of a customer', () => {
  it('share one partition per channel and customer', () => {
    const pk = 'CUSTOMER#support#+15550783881';

    expect(sessionKey('support', phone)).toEqual({ pk, sk: 'SESSION' });
    expect(customerKey('support', phone)).toEqual({ pk, sk: 'CUSTOMER' });
    expect(messageKey({ channel: 'support', customer: phone, atMs: NOW.getTime(), id: 'wamid.1' })).toEqual({
      pk,
      sk: 'MSG#1795165200000#wamid.1',
    });
  });

  it('keep channels and customers apart', () => {
    const partitions = [
      sessionKey('support', phone),
      sessionKey('sales', phone),
      sessionKey('support', userId),
      sessionKey('support-sinch', phone),
    ].map(({ pk }) => pk);

    expect(new Set(partitions).size).toBe(4);
  });

  it('write a time of fewer digits with zeros before it', () => {
    expect(messageKey({ channel: 'support', customer: phone, atMs: 5, id: 'a' }).sk).toBe('MSG#0000000000005#a');
  });

  it.each([
    '',
    'CUSTOMER#support',
    'CUSTOMER##+15550783881',
    'CUSTOMER#support#',
    'CUSTOMER#support#nobody',
    'CUSTOMER#support#extra#+15550783881',
    'SEND#msg_1',
    'xCUSTOMER#support#+15550783881',
  ])('"%s" is the partition of no customer', (pk) => {
    expect(parseMessageKey({ pk, sk: 'MSG#1795165200000#wamid.1' })).toBeUndefined();
  });
});

describe('the key of a send', () => {
  it('is made of the message id alone', () => {
    expect(sendKey(MESSAGE_ID)).toEqual({ pk: `SEND#${MESSAGE_ID}`, sk: 'SEND' });
  });
});

describe('a reference', () => {
  it('names the record of a message', () => {
    expect(toReference({ atMs: NOW.getTime(), id: MESSAGE_ID, customer: phone })).toBe(
      `cw1.1795165200000.${MESSAGE_ID}.+15550783881`,
    );
  });

  it('stays within the 512 characters that Meta carries, for the longest customer', () => {
    const customer = aCustomer(`US.ENT.${'x'.repeat(128)}`);

    expect(toReference({ atMs: NOW.getTime(), id: MESSAGE_ID, customer }).length).toBeLessThanOrEqual(512);
  });

  it.each([
    '',
    'order-4711',
    '{"orderId":4711}',
    MESSAGE_ID,
    `cw1.${MESSAGE_ID}.+15550783881`,
    `cw2.1795165200000.${MESSAGE_ID}.+15550783881`,
    `cw1.179516520000.${MESSAGE_ID}.+15550783881`,
    `cw1.17951652000000.${MESSAGE_ID}.+15550783881`,
    `cw1.17951652000xx.${MESSAGE_ID}.+15550783881`,
    `cw1.1795165200000.msg_short.+15550783881`,
    `cw1.1795165200000.${MESSAGE_ID}.`,
    `cw1.1795165200000.${MESSAGE_ID}.nobody`,
    `cw1.1795165200000.${MESSAGE_ID}.+15550783881\n`,
    ` cw1.1795165200000.${MESSAGE_ID}.+15550783881`,
  ])('is not read from what others gave their messages to carry: %j', (reference) => {
    expect(parseReference(reference)).toBeUndefined();
  });
});

describe('the due bucket', () => {
  const due = { kind: 'session', channel: 'support', customer: phone, dueAt: NOW_SECONDS } as const;
  const slotOf = (dueAt: number) => dueBucket({ ...due, dueAt });

  it('stays for five minutes and moves with the slot', () => {
    expect(slotOf(NOW_SECONDS + 1)).toBe(slotOf(NOW_SECONDS));
    expect(slotOf(NOW_SECONDS + 299)).toBe(slotOf(NOW_SECONDS));
    expect(slotOf(NOW_SECONDS + 300)).not.toBe(slotOf(NOW_SECONDS));
    expect(slotOf(NOW_SECONDS - 1)).not.toBe(slotOf(NOW_SECONDS));
  });

  it('names kind, channel, the begin of the slot and a shard', () => {
    expect(slotOf(NOW_SECONDS + 42)).toMatch(new RegExp(`^session#support#${NOW_SECONDS}#[0-3]$`));
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
  it('are those of every slot that it touches, oldest first, in every shard', () => {
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

    expect(placeOf(duePlace(place))).toEqual(place);
  });

  it('is not read from anything else', () => {
    expect(() => placeOf('MSG#1795165200000#wamid.1')).toThrow('names a second and a customer');
  });
});
