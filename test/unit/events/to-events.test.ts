import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { EVENTS } from '../../../functions/shared/domain/events.ts';
import type { OwnerRecord } from '../../../functions/shared/domain/owner.ts';
import { toEvents } from '../../../functions/shared/events/to-events.ts';
import type { Change } from '../../../functions/shared/store/changes.ts';
import type { CustomerItem, InboundItem, OutboundItem, SessionItem } from '../../../functions/shared/store/items.ts';
import { CHANNEL, CUSTOMER, NOON, NOON_SECONDS } from '../../support/arrivals.ts';
import { aSessionChange, aSessionItem } from '../../support/changes.ts';

const LEAD = 3_600;
const DAY = 86_400;
const of = { channel: CHANNEL, customer: CUSTOMER };
const open = aSessionItem();
const closing = aSessionItem({ phase: 'closing' });
const closed = aSessionItem({ phase: 'closed' });
const later = aSessionItem({ lastInboundAt: NOON_SECONDS + 60, expiresAt: NOON_SECONDS + 60 + DAY });
const next = aSessionItem({ sessionId: 'ses_2', openedAt: NOON_SECONDS + 2 * DAY, expiresAt: NOON_SECONDS + 3 * DAY });

const eventsOf = (change: Change) => toEvents(change, LEAD);
const typesOf = (change: Change) => eventsOf(change).map(({ type }) => type.replace('session.', ''));

describe('a change of a session', () => {
  it.each<[string, SessionItem | undefined, SessionItem | undefined, string[]]>([
    ['appears', undefined, open, ['opened']],
    ['appears within the lead of its end', undefined, closing, ['opened', 'closing']],
    ['restarts', open, later, []],
    ['restarts after its closing event', closing, later, []],
    ['restarts within the lead of its new end', open, { ...later, phase: 'closing' }, ['closing']],
    ['restarts twice within the lead', closing, { ...later, phase: 'closing' }, ['closing']],
    ['comes near its end', open, closing, ['closing']],
    ['ends', closing, closed, ['closed']],
    ['ends before its closing event', open, closed, ['closing', 'closed']],
    ['records a used slot', closing, { ...closing, slotUsedAt: 1 }, []],
    ['is closed by the provider a second time', closed, { ...closed, closedAt: NOON_SECONDS + 2 * DAY }, []],
    ['is deleted while open', open, undefined, ['closing', 'closed']],
    ['is deleted while closing', closing, undefined, ['closed']],
    ['is deleted when it has ended', closed, undefined, []],
    ['is replaced by the next one while open', open, next, ['closing', 'closed', 'opened']],
    ['is replaced by the next one while closing', closing, next, ['closed', 'opened']],
    ['is replaced by the next one when it has ended', closed, next, ['opened']],
  ])('that %s', (_, before, after, expected) => {
    expect(typesOf(aSessionChange(before, after))).toEqual(expected);
  });

  it('publishes each session under its own id, with the times of its window', () => {
    const [near, end, start] = eventsOf(aSessionChange(open, next));

    expect(near?.detail).toMatchObject({ ...of, sessionId: 'ses_1', occurredAt: '2026-11-21T11:00:00.000Z' });
    expect(end?.detail).toMatchObject({
      sessionId: 'ses_1',
      occurredAt: '2026-11-21T12:00:00.000Z',
      data: { openedAt: NOON.toISOString(), expiresAt: '2026-11-21T12:00:00.000Z', reason: 'expired' },
    });
    expect(start?.detail).toMatchObject({ sessionId: 'ses_2', occurredAt: '2026-11-22T12:00:00.000Z' });
  });

  it('ends when the provider closes it, if that is before its end', () => {
    const at = (closedAt: number) =>
      eventsOf(aSessionChange(open, { ...closed, closedAt })).map(({ detail }) => ({
        at: detail.occurredAt,
        reason: 'reason' in detail.data ? detail.data.reason : undefined,
      }));

    expect(at(NOON_SECONDS + 60)).toEqual([
      { at: '2026-11-20T12:01:00.000Z', reason: undefined },
      { at: '2026-11-20T12:01:00.000Z', reason: 'provider' },
    ]);
    expect(at(NOON_SECONDS + 2 * DAY)[1]).toEqual({ at: '2026-11-21T12:00:00.000Z', reason: 'expired' });
  });
});

const anOutbound = (changes: Partial<OutboundItem> = {}): OutboundItem => ({
  direction: 'outbound',
  id: 'msg_00000000000000000000000000',
  at: NOON.getTime(),
  status: 'accepted',
  statuses: [{ status: 'accepted', at: NOON.getTime() }],
  sentAs: 'session',
  content: { type: 'text', text: 'Soon' },
  decision: { at: NOON.getTime(), consent: 'unknown', consentVersion: 0, usesReengagement: false },
  leaseUntil: NOON.getTime(),
  released: false,
  ...changes,
});

const outbound = (before: OutboundItem | undefined, after: OutboundItem | undefined): Change => ({
  kind: 'message',
  ...of,
  before,
  after,
});

const statusesOf = (change: Change) =>
  eventsOf(change).map(({ detail }) => ('status' in detail.data ? detail.data.status : undefined));

describe('a change of a message', () => {
  const inbound = {
    direction: 'inbound',
    id: 'wamid.1',
    at: NOON.getTime(),
    receivedAt: NOON.getTime() + 1_000,
    content: { type: 'text', text: 'Hello' },
    profileName: 'Ada',
  } as const;

  it('of the customer that is new is received, at the provider’s time', () => {
    const [event] = eventsOf({ kind: 'message', ...of, before: undefined, after: inbound });

    expect(event).toMatchObject({
      type: 'message.received',
      detail: { occurredAt: NOON.toISOString(), data: { messageId: 'wamid.1', profileName: 'Ada' } },
    });
  });

  it('with a timestamp in the future is received at the time that counts', () => {
    const [event] = eventsOf({
      kind: 'message',
      ...of,
      before: undefined,
      after: { ...inbound, countedAt: NOON_SECONDS - 60 },
    });

    expect(event?.detail.occurredAt).toBe(new Date((NOON_SECONDS - 60) * 1_000).toISOString());
  });

  it('of the customer that is not new publishes nothing', () => {
    expect(eventsOf({ kind: 'message', ...of, before: inbound, after: { ...inbound, countedAt: 1 } })).toEqual([]);
    expect(eventsOf({ kind: 'message', ...of, before: inbound, after: undefined })).toEqual([]);
  });

  it('of the business publishes each status once', () => {
    const accepted = anOutbound();
    const statuses = [...accepted.statuses, { status: 'sent', at: NOON.getTime() + 5 } as const];
    const sent = anOutbound({ status: 'sent', statuses, providerMessageId: 'wamid.2' });

    expect(statusesOf(outbound(undefined, accepted))).toEqual(['accepted']);
    expect(statusesOf(outbound(accepted, sent))).toEqual(['sent']);
    expect(eventsOf(outbound(accepted, sent))[0]?.detail.data).toMatchObject({ providerMessageId: 'wamid.2' });
    expect(statusesOf(outbound(sent, { ...sent, replyTo: 'wamid.1' }))).toEqual([]);
    expect(statusesOf(outbound(sent, undefined))).toEqual([]);
  });

  it('of the business publishes the price as it is known with that status', () => {
    const pricing = { category: 'service', type: 'regular', billable: true, model: 'PMP', at: NOON.getTime() + 5 };
    const accepted = anOutbound();
    const statuses = [...accepted.statuses, { status: 'sent', at: NOON.getTime() + 5 } as const];
    const data = (change: Change) => eventsOf(change).map(({ detail }) => detail.data);

    expect(data(outbound(accepted, anOutbound({ status: 'sent', statuses, pricing })))).toMatchObject([
      { status: 'sent', pricing: { category: 'service', type: 'regular', billable: true } },
    ]);
    expect(JSON.stringify(data(outbound(accepted, anOutbound({ statuses, pricing }))))).not.toMatch(/PMP|"at"/);
    expect(JSON.stringify(data(outbound(accepted, anOutbound({ statuses }))))).not.toContain('pricing');
  });

  it('of the business that only adds the price publishes nothing', () => {
    const pricing = { category: 'service', at: NOON.getTime() };

    expect(eventsOf(outbound(anOutbound(), anOutbound({ pricing })))).toEqual([]);
  });

  it('of the business that is sent again under the same id starts over', () => {
    const failed = anOutbound({
      statuses: [
        { status: 'accepted', at: NOON.getTime() },
        { status: 'failed', at: NOON.getTime() + 5 },
      ],
    });
    const again = anOutbound({ statuses: [{ status: 'accepted', at: NOON.getTime() + 900 }] });
    const [first, second] = [eventsOf(outbound(undefined, anOutbound()))[0], eventsOf(outbound(failed, again))[0]];

    expect(second?.detail.data).toMatchObject({ status: 'accepted' });
    expect(second?.identity).not.toEqual(first?.identity);
  });

  it('of the business that failed says whether it may be sent again under the same id', () => {
    const statuses = [...anOutbound().statuses, { status: 'failed', at: NOON.getTime() + 5 } as const];
    const releasedOf = (released: boolean) =>
      eventsOf(outbound(undefined, anOutbound({ status: 'failed', statuses, released }))).map(({ detail }) =>
        'released' in detail.data ? detail.data.released : undefined,
      );

    expect(releasedOf(true)).toEqual([undefined, true]);
    expect(releasedOf(false)).toEqual([undefined, undefined]);
  });
});

describe('a change of a customer', () => {
  const optedIn = { state: 'opted_in', effectiveAt: NOON_SECONDS, source: 'website', actor: 'checkout' } as const;
  const stopped = {
    state: 'opted_out',
    effectiveAt: NOON_SECONDS + 9,
    source: 'user_preferences',
    actor: 'customer',
  } as const;
  const record = { consentVersion: 1, consent: optedIn, slotHolders: new Set<string>() };
  const change = (before: typeof record | undefined, after: object): Change => ({
    kind: 'customer',
    ...of,
    before,
    after: { ...record, ...after },
  });

  it('publishes the consent that is in force now', () => {
    expect(eventsOf(change(undefined, {}))[0]?.detail.data).toMatchObject({
      scope: 'all',
      state: 'opted_in',
      version: 1,
    });
    expect(eventsOf(change(record, { consentVersion: 2, marketing: stopped }))[0]?.detail.data).toMatchObject({
      scope: 'marketing',
      state: 'opted_out',
      actor: 'customer',
      version: 2,
    });
  });

  it('publishes a name with a customer of its own again as of the second of each time that it became one', () => {
    const name = { name: CUSTOMER, kind: 'wa_id', since: NOON_SECONDS, learnedFrom: 'message' } as const;
    const after = { ...record, knownSince: NOON_SECONDS, names: [{ ...name, ownedFrom: NOON_SECONDS }] };
    const separated = (changedAt: number) =>
      eventsOf({
        kind: 'customer',
        ...of,
        changedAt,
        before: { ...record, movedTo: CustomerKey.parse('US.1') },
        after,
      }).find(({ type }) => type === 'customer.identified');

    const [first, second] = [separated(NOON_SECONDS + 5), separated(NOON_SECONDS + 900)];

    expect([first, second].map((event) => event?.detail.occurredAt)).toEqual([
      '2026-11-20T12:00:05.000Z',
      '2026-11-20T12:15:00.000Z',
    ]);
    expect(second?.identity).not.toEqual(first?.identity);
  });

  it('publishes a name that gets a customer of its own twice in one second as two events', () => {
    const name = { name: CUSTOMER, kind: 'wa_id', since: NOON_SECONDS, learnedFrom: 'message' } as const;
    const separated = (sessionId: string, consentVersion: number) => {
      const window = { sessionId, state: 'open', expiresAt: NOON_SECONDS + DAY } as const;
      const names = [{ ...name, ownedFrom: NOON_SECONDS }];
      const after = { ...record, consentVersion, knownSince: NOON_SECONDS, names, window };
      const before = { ...record, movedTo: CustomerKey.parse('US.1') };
      const change = { kind: 'customer', ...of, changedAt: NOON_SECONDS + 5, before, after } as const;
      return eventsOf(change).find(({ type }) => type === 'customer.identified')?.identity;
    };

    expect(separated('ses_1', 1)).toEqual(separated('ses_1', 1));
    expect(separated('ses_2', 1)).not.toEqual(separated('ses_1', 1));
    expect(separated('ses_1', 2)).not.toEqual(separated('ses_1', 1));
  });

  it('publishes what a number’s new owner begins with, by the change of its record alone', () => {
    const name = { name: CUSTOMER, kind: 'wa_id', since: NOON_SECONDS, learnedFrom: 'message' } as const;
    const previousOwner = CustomerKey.parse('US.1');
    const names = [{ ...name, ownedFrom: NOON_SECONDS, previousOwner }];
    const window = { sessionId: 'ses_2', state: 'open', expiresAt: NOON_SECONDS + DAY } as const;
    const taken: Change = {
      kind: 'customer',
      ...of,
      changedAt: NOON_SECONDS + 5,
      before: { ...record, names: [name] },
      after: { consentVersion: 2, slotHolders: new Set(), names, window },
    };

    const [event, ...others] = eventsOf(taken);

    expect(others).toEqual([]);
    expect(event?.detail).toMatchObject({
      occurredAt: '2026-11-20T12:00:05.000Z',
      customer: CUSTOMER,
      sessionId: 'ses_2',
      data: {
        name: CUSTOMER,
        window: { state: 'open', expiresAt: '2026-11-21T12:00:00.000Z' },
        consent: { all: null, marketing: null, version: 2 },
        newOwnerSince: '2026-11-20T12:00:00.000Z',
      },
    });
    expect(eventsOf({ ...taken, before: { ...record, names } })).toEqual([]);
  });

  it('of internal state publishes nothing', () => {
    expect(eventsOf(change(record, { lastInboundAt: NOON_SECONDS, lastOpenedAt: NOON_SECONDS }))).toEqual([]);
    expect(eventsOf({ kind: 'customer', ...of, before: record, after: undefined })).toEqual([]);
  });
});

describe('a change of a template', () => {
  const atMs = NOON.getTime();
  const entry = {
    name: 'order_update',
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [],
    version: 1,
    changedAt: { status: atMs, category: atMs, quality: atMs, components: atMs, ttlSeconds: atMs },
  };
  const change = (before: typeof entry | undefined, after: typeof entry | undefined): Change => ({
    kind: 'template',
    account: 'demo-meta',
    at: new Date(atMs + 1_000),
    before,
    after,
  });

  it('publishes whether it was added, changed or removed', () => {
    const paused = { ...entry, status: 'PAUSED', version: 2, changedAt: { ...entry.changedAt, status: atMs + 500 } };
    const data = (of: Change) => eventsOf(of).map(({ detail }) => ({ at: detail.occurredAt, ...detail.data }));

    expect(data(change(undefined, entry))).toMatchObject([{ change: 'added', version: 1 }]);
    expect(data(change(entry, paused))).toMatchObject([
      { change: 'changed', status: 'PAUSED', at: '2026-11-20T12:00:00.500Z' },
    ]);
    expect(data(change(paused, undefined))).toMatchObject([{ change: 'removed', at: '2026-11-20T12:00:01.000Z' }]);
  });

  it('that only repeats the same facts publishes nothing', () => {
    expect(eventsOf(change(entry, { ...entry, changedAt: { ...entry.changedAt, status: atMs + 1 } }))).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('describes every type in a sentence', () => {
    for (const schema of Object.values(EVENTS)) expect(schema.meta()?.description).toMatch(/^[A-Z].+\.$/);
  });
});

describe('a change of the owner', () => {
  const record = (owner?: OwnerRecord): CustomerItem => ({ consentVersion: 0, slotHolders: new Set(), owner });
  const at = (kind: OwnerRecord['kind'], seconds = 0): OwnerRecord => ({
    kind,
    since: NOON.getTime() + seconds * 1000,
  });
  const ownerEvents = (before: OwnerRecord | undefined, after: OwnerRecord | undefined) =>
    eventsOf({ kind: 'customer', ...of, before: record(before), after: record(after) });

  it('is published once, with who held the conversation before', () => {
    const [event, ...others] = ownerEvents(at('bot'), at('person', 60));

    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'session.owner_changed',
      identity: [CHANNEL, CUSTOMER, 'person', NOON.getTime() + 60_000],
      detail: {
        occurredAt: '2026-11-20T12:01:00.000Z',
        ...of,
        data: {
          owner: { kind: 'person', since: '2026-11-20T12:01:00.000Z' },
          previous: { kind: 'bot', since: '2026-11-20T12:00:00.000Z' },
        },
      },
    });
    expect(EVENTS['session.owner_changed'].shape.data.safeParse(event?.detail.data).success).toBe(true);
  });

  it.each<[string, OwnerRecord | undefined, OwnerRecord | undefined, object[]]>([
    ['of a conversation that no one held', undefined, at('bot'), [{ owner: { kind: 'bot' }, previous: null }]],
    ['by a release', at('bot'), at('none', 1), [{ owner: null, previous: { kind: 'bot' } }]],
    ['from no one to no one is none', undefined, at('none'), []],
    ['that is none', at('bot'), at('bot'), []],
  ])('%s', (_, before, after, expected) => {
    expect(ownerEvents(before, after).map(({ detail }) => detail.data)).toMatchObject(expected);
  });

  it('is not published when the customer is removed', () => {
    expect(eventsOf({ kind: 'customer', ...of, before: record(at('bot')), after: undefined })).toEqual([]);
  });
});

describe('the event of a received message', () => {
  const received = { direction: 'inbound', id: 'wamid.1', at: NOON.getTime(), receivedAt: NOON.getTime() } as const;
  const content = { type: 'text', text: 'Hello' };
  const eventOf = (window?: InboundItem['window']) => {
    const [event] = eventsOf({ kind: 'message', ...of, before: undefined, after: { ...received, content, window } });
    if (event?.type !== 'message.received') throw new Error('a new message publishes message.received');
    return event.detail;
  };

  it.each([
    ['of an open session', { sessionId: 'ses_1', state: 'open', expiresAt: NOON_SECONDS + DAY }],
    ['that is closed, without a session', { state: 'closed', expiresAt: NOON_SECONDS + DAY }],
  ] as const)('carries the window as the message left it: %s', (_, window) => {
    const detail = eventOf(window);

    expect(detail.sessionId).toBe('sessionId' in window ? 'ses_1' : undefined);
    expect(detail.data).toMatchObject({
      messageId: 'wamid.1',
      window: { state: window.state, expiresAt: '2026-11-21T12:00:00.000Z' },
    });
  });

  it('has no window where the message opens nothing by its kind, or an earlier release recorded it', () => {
    expect(eventOf().data).not.toHaveProperty('window.state');
    expect(eventOf().sessionId).toBeUndefined();
  });
});
