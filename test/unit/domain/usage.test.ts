import { describe, expect, it } from 'vitest';
import {
  activeAt,
  countedMonths,
  countsOf,
  monthOf,
  type UsageMessage,
} from '../../../functions/shared/domain/usage.ts';

const AT = Date.parse('2026-11-30T23:59:59.999Z');
const LATER = AT + 1;

const inbound = (changes: object = {}): UsageMessage => ({
  direction: 'inbound',
  at: AT,
  content: { type: 'text' },
  ...changes,
});

const outbound = (statuses: readonly string[], changes: object = {}): UsageMessage =>
  ({
    direction: 'outbound',
    sentAs: 'session',
    statuses: statuses.map((status, index) => ({ status, at: AT + index })),
    content: { type: 'image' },
    decision: {},
    ...changes,
  }) as UsageMessage;

describe('a month', () => {
  it('ends at midnight UTC', () => {
    expect([monthOf(AT), monthOf(LATER)]).toEqual(['2026-11', '2026-12']);
  });

  it('counts with the 24 before it, and the one that clocks ahead have reached', () => {
    const months = countedMonths(new Date('2025-12-31T12:00:00Z'));

    expect([months.length, months[0], months[1], months.at(-1)]).toEqual([26, '2026-01', '2025-12', '2023-12']);
  });
});

describe('a customer is active', () => {
  it.each<[string, UsageMessage, number | undefined]>([
    ['when they write, at the provider’s time', inbound(), AT],
    ['when a message of a clock ahead arrives', inbound({ countedAt: 1_700_000_000 }), 1_700_000_000_000],
    ['when they react', inbound({ content: { type: 'reaction' } }), AT],
    [
      'when they answer a request to be called',
      inbound({ content: { type: 'call_permission_reply', source: 'user_action' } }),
      AT,
    ],
    [
      'not when WhatsApp answers for them',
      inbound({ content: { type: 'call_permission_reply', source: 'automatic' } }),
      undefined,
    ],
    ['not when WhatsApp tells of them', inbound({ content: { type: 'system' } }), undefined],
    ['not when it does so unreadably', inbound({ content: { type: 'raw', kind: 'system' } }), undefined],
    [
      'nor when it answers for them unreadably',
      inbound({ content: { type: 'raw', kind: 'interactive.call_permission_reply.automatic' } }),
      undefined,
    ],
    ['when they call', inbound({ content: { type: 'call', event: 'connect' } }), AT],
    ['not when a call ends', inbound({ content: { type: 'call', event: 'terminate' } }), undefined],
    ['not when Meta hands them over', inbound({ content: { type: 'handover' } }), undefined],
    ['not when a message to them is recorded', outbound(['accepted']), undefined],
    ['not while it is in doubt', outbound(['accepted', 'in_doubt']), undefined],
    ['not when the provider refused it', outbound(['accepted', 'failed']), undefined],
    ['when the provider took it', outbound(['accepted', 'sent', 'delivered']), AT + 1],
    ['when the provider first reports it delivered', outbound(['accepted', 'in_doubt', 'delivered', 'read']), AT + 2],
    ['although it failed afterwards', outbound(['accepted', 'sent', 'failed']), AT + 1],
  ])('%s', (_, message, at) => {
    expect(activeAt(message)).toBe(at);
  });

  it('not when another sender writes to them from the same number, which counts as nothing', () => {
    expect(activeAt({ direction: 'echo' })).toBeUndefined();
    expect(countsOf(undefined, { direction: 'echo' })).toEqual([]);
  });
});

describe('a change of a message counts', () => {
  const taken = outbound(['accepted', 'sent']);
  const priced = (pricing: object, ...further: string[]) =>
    outbound(['accepted', 'sent', ...further], { pricing: { at: LATER, ...pricing } });
  const template = outbound(['accepted', 'sent'], {
    sentAs: 'template',
    decision: { template: { category: 'MARKETING' } },
  });
  const SERVICE = { category: 'service', type: 'regular' };

  it.each<[string, UsageMessage | undefined, UsageMessage | undefined, string[]]>([
    ['what the customer wrote', undefined, inbound(), ['+2026-11 inbound.text']],
    ['nothing when it changes', inbound(), inbound({ countedAt: 1 }), []],
    ['nothing when it goes', inbound(), undefined, []],
    ['nothing before it is taken', undefined, outbound(['accepted']), []],
    ['a session message by its type', outbound(['accepted']), taken, ['+2026-12 session.image']],
    ['a template by its category', undefined, template, ['+2026-12 template.marketing']],
    ['no status afterwards', taken, outbound(['accepted', 'sent', 'delivered']), []],
    ['its price once', taken, priced(SERVICE), ['+2026-12 price.service.regular.paid']],
    [
      'its price in the month of the message, told in the next one',
      outbound(['sent']),
      outbound(['sent', 'delivered'], { pricing: { at: LATER + 1e9, ...SERVICE } }),
      ['+2026-11 price.service.regular.paid'],
    ],
    ['no price a second time', priced(SERVICE), priced(SERVICE, 'delivered'), []],
    [
      'a price without a type',
      taken,
      priced({ category: 'utility', billable: true }),
      ['+2026-12 price.utility.none.paid'],
    ],
    [
      'a free one',
      taken,
      priced({ category: 'service', type: 'free_customer_service' }),
      ['+2026-12 price.service.free_customer_service.free'],
    ],
    [
      'one of which the provider does not say whether it is billed',
      taken,
      priced({ category: 'utility', type: 'new' }),
      ['+2026-12 price.utility.new.unknown'],
    ],
    ['a price back when it fails', priced(SERVICE), priced(SERVICE, 'failed'), ['-2026-12 price.service.regular.paid']],
    [
      'a price there and back when it comes late',
      outbound(['accepted', 'sent', 'failed']),
      priced(SERVICE, 'failed'),
      ['+2026-12 price.service.regular.paid', '-2026-12 price.service.regular.paid'],
    ],
  ])('%s', (_, before, after, tallies) => {
    const shown = countsOf(before, after).map(({ month, counter, by }) => `${by > 0 ? '+' : '-'}${month} ${counter}`);

    expect(shown).toEqual(tallies);
  });
});

describe('failed-then-delivered: the usage of a message that reached the customer after its failure was reported', () => {
  const price = { pricing: { category: 'utility', type: 'regular', at: LATER } };
  const sum = (histories: readonly UsageMessage[]) => {
    const counts = histories.flatMap((message, index) => countsOf(histories[index - 1], message));
    const sums: Record<string, number> = {};
    for (const { counter, by } of counts) sums[counter] = (sums[counter] ?? 0) + by;
    return sums;
  };

  it.each<[string, readonly UsageMessage[]]>([
    [
      'a price that came with the delivery',
      [outbound(['accepted', 'sent', 'failed']), outbound(['accepted', 'sent', 'failed', 'delivered'], price)],
    ],
    [
      'a price that came before the failure',
      [
        outbound(['accepted', 'sent'], price),
        outbound(['accepted', 'sent', 'failed'], price),
        outbound(['accepted', 'sent', 'failed', 'read'], price),
      ],
    ],
    ['a recount', [outbound(['accepted', 'sent', 'failed', 'delivered', 'read'], price)]],
  ])('holds its price once: %s', (_, histories) => {
    expect(sum(histories)).toEqual({ 'session.image': 1, 'price.utility.regular.paid': 1 });
  });
});

describe('held-template: the usage of a message that the provider holds', () => {
  it('begins once it is sent', () => {
    const held = outbound(['accepted', 'held']);

    expect(activeAt(held)).toBeUndefined();
    expect(countsOf(undefined, held)).toEqual([]);
    expect(activeAt(outbound(['accepted', 'held', 'sent']))).toBe(AT + 2);
    expect(countsOf(held, outbound(['accepted', 'held', 'failed']))).toEqual([]);
  });
});
