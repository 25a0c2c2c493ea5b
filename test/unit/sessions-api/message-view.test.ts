import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { MessageView, toMessageView } from '../../../functions/sessions-api/message-view.ts';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import type { InboundItem, OutboundItem } from '../../../functions/shared/store/items.ts';
import { NOW, NOW_SECONDS } from '../../support/builders.ts';

const anInboundItem = (overrides: Partial<z.infer<typeof InboundItem>> = {}): z.infer<typeof InboundItem> => ({
  direction: 'inbound',
  id: 'wamid.1',
  at: NOW.getTime(),
  receivedAt: NOW.getTime() + 1_234,
  content: { type: 'text', text: 'Where is my parcel?' },
  ...overrides,
});

const PHONE = CustomerKey.parse('+15551234567');

const anOutboundItem = (overrides: Partial<OutboundItem> = {}): OutboundItem => ({
  direction: 'outbound',
  id: 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R',
  at: NOW.getTime(),
  status: 'delivered',
  statuses: [
    { status: 'accepted', at: NOW.getTime() },
    { status: 'sent', at: NOW.getTime() + 250 },
    { status: 'delivered', at: NOW.getTime() + 900 },
  ],
  sentAs: 'session',
  providerMessageId: 'wamid.2',
  content: { type: 'text', text: 'On its way.' },
  decision: {
    at: NOW.getTime(),
    expiresAt: NOW_SECONDS + 60,
    lastInboundAt: NOW_SECONDS - 86_340,
    consent: 'unknown',
    consentVersion: 3,
    lastOpenedAt: NOW_SECONDS - 86_400,
    usesReengagement: false,
  },
  leaseUntil: NOW.getTime() + 60_000,
  released: false,
  ...overrides,
});

const visible = (view: MessageView) => JSON.parse(JSON.stringify(view)) as unknown;

describe('a message of another sender', () => {
  it('is outbound, shows its author, and has neither decision nor price', () => {
    const echo = {
      direction: 'echo',
      author: 'phone_app',
      id: 'wamid.3',
      at: NOW.getTime(),
      receivedAt: NOW.getTime() + 1_234,
      content: { type: 'text', text: 'I will call you.' },
    } as const;

    expect(visible(toMessageView(echo))).toEqual({
      id: 'wamid.3',
      direction: 'outbound',
      author: 'phone_app',
      status: 'sent',
      statuses: [{ status: 'sent', at: '2026-11-20T09:00:00.000Z' }],
      content: { type: 'text', text: 'I will call you.' },
      createdAt: '2026-11-20T09:00:00.000Z',
      providerMessageId: 'wamid.3',
    });
  });
});

describe('a message of the customer', () => {
  it('shows when it was written and when it arrived', () => {
    expect(visible(toMessageView(anInboundItem()))).toEqual({
      id: 'wamid.1',
      direction: 'inbound',
      status: 'received',
      statuses: [{ status: 'received', at: '2026-11-20T09:00:01.234Z' }],
      content: { type: 'text', text: 'Where is my parcel?' },
      createdAt: '2026-11-20T09:00:00.000Z',
      providerMessageId: 'wamid.1',
    });
  });

  it('shows what it answers, its group, its sender and where the sender came from', () => {
    const more = { replyTo: 'wamid.0', groupId: 'group-1', profileName: 'Ada', referral: { source_type: 'ad' } };

    expect(toMessageView(anInboundItem(more))).toMatchObject(more);
  });
});

describe('a message of the business', () => {
  it('shows its way and what it was decided on', () => {
    expect(visible(toMessageView(anOutboundItem()))).toEqual({
      id: 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R',
      direction: 'outbound',
      status: 'delivered',
      statuses: [
        { status: 'accepted', at: '2026-11-20T09:00:00.000Z' },
        { status: 'sent', at: '2026-11-20T09:00:00.250Z' },
        { status: 'delivered', at: '2026-11-20T09:00:00.900Z' },
      ],
      content: { type: 'text', text: 'On its way.' },
      createdAt: '2026-11-20T09:00:00.000Z',
      sentAs: 'session',
      providerMessageId: 'wamid.2',
      decision: {
        at: '2026-11-20T09:00:00.000Z',
        expiresAt: '2026-11-20T09:01:00.000Z',
        lastInboundAt: '2026-11-19T09:01:00.000Z',
        consent: 'unknown',
        consentVersion: 3,
        lastOpenedAt: '2026-11-19T09:00:00.000Z',
        slotUsedAt: null,
        usesReengagement: false,
      },
    });
  });

  it('shows what the provider says it costs', () => {
    const pricing = { category: 'service', type: 'regular', billable: true, model: 'PMP', at: NOW.getTime() + 250 };

    expect(visible(toMessageView(anOutboundItem({ pricing })))).toMatchObject({
      pricing: { category: 'service', type: 'regular', billable: true },
    });
    expect(Object.keys(toMessageView(anOutboundItem({ pricing })).pricing ?? {})).toEqual([
      'category',
      'type',
      'billable',
    ]);
    expect(visible(toMessageView(anOutboundItem()))).not.toHaveProperty('pricing');
  });

  it('shows why it failed', () => {
    const error = { code: '131047', title: 'Re-engagement message', class: 'window_closed' };
    const item = anOutboundItem({ status: 'failed', statuses: [{ status: 'failed', at: NOW.getTime(), error }] });

    expect(toMessageView(item).statuses).toEqual([{ status: 'failed', at: '2026-11-20T09:00:00.000Z', error }]);
  });

  it('shows a decision without a session as one', () => {
    const decision = { at: NOW.getTime(), consent: 'opted_in', consentVersion: 1, usesReengagement: true } as const;

    expect(toMessageView(anOutboundItem({ sentAs: 'template', decision })).decision).toMatchObject({
      expiresAt: null,
      lastInboundAt: null,
      consent: 'opted_in',
      usesReengagement: true,
    });
  });
});

describe('both', () => {
  const priced = anOutboundItem({ pricing: { category: 'utility', at: NOW.getTime() } });
  const linked = anOutboundItem({
    pointedFrom: 'aws-1',
    claimedBy: 'request',
    names: [PHONE],
    recipient: { phone: PHONE },
  });
  it.each([anInboundItem(), anOutboundItem(), priced, linked])('are of the documented shape', (item) => {
    const view = visible(toMessageView(item));

    expect(MessageView.strict().parse(view)).toEqual(view);
  });
});
