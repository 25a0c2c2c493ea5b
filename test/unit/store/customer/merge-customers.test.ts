import { describe, expect, it } from 'vitest';
import { mergeStates, type PartitionState } from '../../../../functions/shared/store/customer/merge-customers.ts';
import { CustomerItem, type SessionItem } from '../../../../functions/shared/store/items.ts';

const DAY = 86_400;
const aSession = (sessionId: string, lastInboundAt: number, more: Partial<SessionItem> = {}): SessionItem => ({
  sessionId,
  openedAt: lastInboundAt,
  lastInboundAt,
  expiresAt: lastInboundAt + DAY,
  phase: 'open',
  ...more,
});
const aState = (record: object, session?: SessionItem): PartitionState => ({
  record: CustomerItem.parse(record),
  session,
});
const consent = (state: 'opted_in' | 'opted_out', effectiveAt: number, more: object = {}) => ({
  consent: { state, effectiveAt, source: 'website', actor: 'test', ...more },
});

/** The same whichever side is first. */
const merge = (one: PartitionState, other: PartitionState) => {
  const merged = mergeStates([one, other]);
  expect(mergeStates([other, one])).toEqual(merged);
  return merged;
};

describe('of two windows', () => {
  it('the later one goes on under its own id', () => {
    expect(merge(aState({}, aSession('a', 60)), aState({}, aSession('b', 120))).session).toMatchObject({
      sessionId: 'b',
      expiresAt: 120 + DAY,
    });
  });

  it('the later one knows those that it absorbed, also in a chain of merges', () => {
    const first = merge(aState({}, aSession('a', 60)), aState({}, aSession('b', 120)));
    const second = merge(first, aState({}, aSession('c', 90)));

    expect([...(second.session?.absorbed ?? [])].toSorted()).toEqual(['a', 'c']);
    expect(merge(aState({}, aSession('a', 60)), aState({})).session?.absorbed).toBeUndefined();
  });

  it('the only one goes on, also one that the provider closed', () => {
    const closed = aSession('a', 60, { phase: 'closed', providerClosedFor: 60 });

    expect(merge(aState({}, closed), aState({})).session).toMatchObject({ sessionId: 'a', providerClosedFor: 60 });
  });

  it('of the same second the one that the provider closed goes on', () => {
    const closed = aSession('b', 60, { phase: 'closed', providerClosedFor: 60 });

    // Of two that are alike otherwise, 'a' would go on.
    expect(merge(aState({}, closed), aState({}, aSession('a', 60))).session).toMatchObject({ sessionId: 'b' });
  });

  it('the last answer under either name counts', () => {
    const [older, newer] = [aSession('a', 60, { lastAnswerAt: 500 }), aSession('b', 120, { lastAnswerAt: 130 })];

    expect(merge(aState({}, older), aState({}, newer)).session).toMatchObject({ sessionId: 'b', lastAnswerAt: 500 });
  });

  it('a later message of the customer outweighs the provider’s word', () => {
    const closed = aSession('a', 60, { phase: 'closed', providerClosedFor: 60 });

    expect(merge(aState({}, closed), aState({}, aSession('b', 61))).session).toMatchObject({ sessionId: 'b' });
  });
});

describe('of two consents', () => {
  it.each([
    ['the newer opt-in', consent('opted_out', 3), consent('opted_in', 9), 'opted_in'],
    ['the newer opt-out', consent('opted_in', 3), consent('opted_out', 9), 'opted_out'],
    ['the opt-out of the same second', consent('opted_in', 9), consent('opted_out', 9), 'opted_out'],
    ['the only one', {}, consent('opted_in', 9), 'opted_in'],
  ])('%s holds', (_, one, other, state) => {
    expect(merge(aState(one), aState(other)).record.consent).toMatchObject({ state });
  });

  it('the version rises, so that a send is decided again', () => {
    expect(merge(aState({ consentVersion: 3 }), aState({ consentVersion: 5 })).record.consentVersion).toBe(6);
    expect(merge(aState({}), aState({})).record.consentVersion).toBe(1);
  });

  it('only an opt-out under the number alone stays with a number that gets another owner', () => {
    const owners = [
      consent('opted_out', 9),
      consent('opted_out', 9, { userId: 'US.1' }),
      consent('opted_in', 9),
    ] as const;

    expect(owners.map((owner) => mergeStates([], [aState(owner)]).record.consent?.state)).toEqual([
      'opted_out',
      undefined,
      undefined,
    ]);
  });
});

describe('the re-engagement slot', () => {
  const used = (usedAt: number, ...holders: string[]) => ({ slotUsedAt: usedAt, slotHolders: new Set(holders) });

  it('is free where a message under the other name came after the template, though it extended a session', () => {
    const extended = aSession('b', 120, { openedAt: 60 });

    const { record, session } = merge(aState(used(100, 'msg_1')), aState({ lastOpenedAt: 60 }, extended));

    expect(record).toMatchObject({ lastOpenedAt: 120, slotHolders: new Set() });
    expect(session?.slotUsedAt).toBeUndefined();
  });

  it('has the holders of both names, and marks the session', () => {
    const { record, session } = merge(aState(used(200, 'msg_1')), aState(used(210, 'msg_2'), aSession('b', 120)));

    expect(record).toMatchObject({ slotUsedAt: 210, slotHolders: new Set(['msg_1', 'msg_2']) });
    expect(session?.slotUsedAt).toBe(210);
  });

  it('keeps the time of a template that failed, which may prove delivered', () => {
    expect(merge(aState(used(200)), aState({})).record).toMatchObject({ slotUsedAt: 200, slotHolders: new Set() });
  });
});

describe('what else outlives a window', () => {
  it('is the maximum, of the profile the earliest', () => {
    const one = { skewedUntil: 5, lastInboundAt: 7, knownSince: 2, profile: { name: 'Ada', at: 3 } };
    const other = { skewedUntil: 6, lastInboundAt: 4, knownSince: 1, profile: { name: 'A. Lovelace', at: 9 } };

    expect(merge(aState(one), aState(other)).record).toMatchObject({
      skewedUntil: 6,
      lastInboundAt: 7,
      knownSince: 1,
      profile: { name: 'Ada' },
    });
  });

  it('is the last word on the owner', () => {
    const [bot, person] = [
      { kind: 'bot', since: 1 },
      { kind: 'person', since: 2 },
    ];

    expect(merge(aState({ owner: person }), aState({ owner: bot })).record.owner).toEqual(person);
  });

  it('is as old as the oldest record, also where an earlier release did not store its age', () => {
    const newer = { knownSince: 9, lastOpenedAt: 12 };

    expect(merge(aState({ lastOpenedAt: 4 }), aState(newer)).record.knownSince).toBe(4);
    expect(merge(aState({ lastOpenedAt: 11 }), aState(newer)).record.knownSince).toBe(9);
  });
});
