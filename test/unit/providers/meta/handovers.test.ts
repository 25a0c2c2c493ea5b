import { describe, expect, it } from 'vitest';
import {
  aChange,
  aNotification,
  aValue,
  messagesOf,
  PHONE_NUMBER_ID,
  parseMeta,
  SENT_AT,
  type Wire,
} from '../../../support/meta.ts';

const aHandover = (overrides: Wire = {}): Wire => ({
  messaging_product: 'whatsapp',
  recipient: { display_phone_number: '49301234567', phone_number_id: PHONE_NUMBER_ID },
  sender: { phone_number: '4915112345678' },
  timestamp: String(SENT_AT),
  type: 'control_passed',
  control_passed: { previous_owner_role: 'ai_agent', new_owner_role: 'escalation', metadata: 'asks for a person' },
  ...overrides,
});

const parse = (value: unknown) => parseMeta(aNotification(aChange(value, 'messaging_handovers')));

describe('a handover', () => {
  it('is kept as Meta wrote it, in the thread of its customer, and opens nothing', () => {
    expect(messagesOf(parse(aHandover()))).toEqual([
      {
        channel: 'support',
        identities: { phone: '+4915112345678' },
        id: expect.stringMatching(/^handover:[0-9a-f]{32}$/),
        providerAtMs: SENT_AT * 1000,
        opens: false,
        content: { type: 'handover', event: 'control_passed', details: aHandover() },
        threadOwner: 'app',
      },
    ]);
  });

  it('has the same id when it is delivered again, and another one otherwise', () => {
    const [first, again, other] = [aHandover(), aHandover(), aHandover({ timestamp: String(SENT_AT + 1) })].map(
      (value) => messagesOf(parse(value))[0]?.id,
    );

    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it.each([
    ['back to the agent', { control_passed: { new_owner_role: 'ai_agent' } }, 'meta_agent'],
    [
      'taken from us',
      { type: 'control_taken', control_passed: undefined, control_taken: { new_owner_role: 'escalation' } },
      'app',
    ],
    ['without a role', { control_passed: { metadata: 'none' } }, undefined],
    ['of a kind that Meta adds later', { type: 'control_shared', control_passed: undefined }, undefined],
  ])('says who answers from now on where it names the role: %s', (_, overrides, threadOwner) => {
    expect(messagesOf(parse(aHandover(overrides)))).toMatchObject([{ threadOwner }]);
  });

  it('is found by its number at either place', () => {
    const { recipient: _, ...handover } = aHandover();

    expect(messagesOf(parse({ ...handover, metadata: aValue()['metadata'] }))).toHaveLength(1);
    expect(parse({ ...handover, recipient: { phone_number_id: '123' } })).toEqual([
      { kind: 'ignored', reason: 'foreign_number' },
    ]);
  });

  it.each([
    ['without a customer', aHandover({ sender: undefined }), 'messaging_handovers names no customer'],
    ['without a time', aHandover({ timestamp: undefined }), 'messaging_handovers.timestamp'],
  ])('is kept raw %s', (_, raw, reason) => {
    expect(parse(raw)).toEqual([{ kind: 'malformed', reason, kept: { raw, channel: 'support' } }]);
  });
});
