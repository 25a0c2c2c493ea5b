import { describe, expect, it } from 'vitest';
import { CustomerItem, MessageItem, PointerItem, SendItem, SessionRow } from '../../../functions/shared/store/items.ts';

const TEXT = JSON.stringify({ type: 'text', text: 'Hello' });
const AT = 1_795_176_000;

/** Items as the first release stored them: without any attribute that a later one added. */
const EARLIER = {
  session: [
    SessionRow,
    {
      sessionId: 'ses_1',
      openedAt: AT,
      lastInboundAt: AT,
      expiresAt: AT + 86_400,
      phase: 'open',
      dueShard: 's',
      dueAt: AT + 86_400,
    },
  ],
  tombstone: [SessionRow, { movedTo: '+16505551234' }],
  customer: [CustomerItem, { phone: '+16505551234', lastOpenedAt: AT }],
  'customer with a consent': [
    CustomerItem,
    { consent: { state: 'opted_in', effectiveAt: AT, source: 'website', actor: 'customer' }, consentVersion: 1 },
  ],
  'message of the customer': [
    MessageItem,
    { direction: 'inbound', id: 'wamid.1', at: AT * 1000, receivedAt: AT * 1000, content: TEXT },
  ],
  'message of the business': [
    MessageItem,
    {
      direction: 'outbound',
      id: 'msg_01JD0Y6Q9RXH3V5T8K2M4N6P7S',
      at: AT * 1000,
      status: 'sent',
      statuses: [{ status: 'sent', at: AT * 1000 }],
      sentAs: 'session',
      providerMessageId: 'wamid.2',
      content: TEXT,
      decision: { at: AT * 1000, consent: 'unknown', consentVersion: 0, usesReengagement: false },
      leaseUntil: AT * 1000 + 60_000,
    },
  ],
  claim: [SendItem, { claimedBy: 'one', requestHash: 'hash', messagePk: 'CUSTOMER#a#+1', messageSk: 'MSG#1#msg_1' }],
  pointer: [PointerItem, { messageId: 'msg_01JD0Y6Q9RXH3V5T8K2M4N6P7S' }],
} as const;

describe('an item of an earlier release', () => {
  it.each(Object.entries(EARLIER))('is read as it is: %s', (_, [schema, item]) => {
    expect(schema.safeParse({ pk: 'any', sk: 'any', ...item }).error).toBeUndefined();
  });
});
