import { describe, expect, it } from 'vitest';
import {
  isHuman,
  mergedOwner,
  nextOwner,
  type OwnerKind,
  type OwnerRecord,
  type OwnerReport,
  ownerAt,
  reportedOwner,
  STORED_OWNER_KINDS,
  toOwnerView,
} from '../../../functions/shared/domain/owner.ts';
import { aSession, aSessionEndingIn, NOW, NOW_SECONDS } from '../../support/builders.ts';

const MINUTE = 60_000;
const SINCE = NOW.getTime() - MINUTE;
const OPEN = aSession({ openedAt: NOW_SECONDS - 3_600 });
const NEXT = aSession({ openedAt: NOW_SECONDS - 30, lastInboundAt: NOW_SECONDS - 30 });
const ENDED = aSessionEndingIn(0);

const held = (kind: OwnerRecord['kind'], overrides: Partial<OwnerRecord> = {}): OwnerRecord => ({
  kind,
  since: SINCE,
  ...overrides,
});

describe('who holds a conversation', () => {
  it.each<[OwnerKind, boolean, boolean, boolean]>([
    ['person', true, true, true],
    ['bot', true, false, false],
    ['meta_agent', true, false, false],
    ['phone_app', true, false, false],
  ])(
    'is %s in the session in which it began (%s), after its end (%s), and in the next one (%s)',
    (kind, ...expected) => {
      const holds = [OPEN, ENDED, NEXT].map((session) => ownerAt(held(kind), session, NOW)?.kind === kind);

      expect(holds).toEqual(expected);
      expect(ownerAt(held(kind), undefined, NOW)?.kind === kind).toBe(kind === 'person');
    },
  );

  it.each([
    ['before the agent began', 0, undefined, true],
    ['in standby', 120, 120, true],
    ['to the app', 120, undefined, false],
    ['to the app after one in standby', 120, 60, false],
  ])('is the agent of Meta while the customer’s last message came %s', (_, last, standby, isHeld) => {
    const second = (offset: number) => NOW_SECONDS - 300 + offset;
    const session = aSession({
      openedAt: NOW_SECONDS - 3_600,
      lastInboundAt: second(last),
      standbyAt: standby === undefined ? undefined : second(standby),
    });
    const record = held('meta_agent', { since: second(10) * 1000 });

    expect(ownerAt(record, session, NOW)?.kind === 'meta_agent').toBe(isHeld);
  });

  it('is no one after a release, and before anyone took it', () => {
    expect(ownerAt(held('none'), OPEN, NOW)).toBeUndefined();
    expect(ownerAt(undefined, OPEN, NOW)).toBeUndefined();
  });

  it('is no one from the moment on at which the hold ends by itself', () => {
    const until = NOW.getTime();

    expect(ownerAt(held('person', { until }), OPEN, new Date(until - 1))).toEqual({
      kind: 'person',
      since: SINCE,
      until,
    });
    expect(ownerAt(held('person', { until }), OPEN, NOW)).toBeUndefined();
  });

  it('is shown with the end of the hold: at the latest that of the session, except for a person', () => {
    const until = NOW.getTime() + MINUTE;
    const end = OPEN.expiresAt * 1000;

    expect(ownerAt(held('bot'), OPEN, NOW)?.until).toBe(end);
    expect(ownerAt(held('bot', { until }), OPEN, NOW)?.until).toBe(until);
    expect(ownerAt(held('bot', { until: end + 1 }), OPEN, NOW)?.until).toBe(end);
    expect(ownerAt(held('person'), OPEN, NOW)?.until).toBeUndefined();
    expect(toOwnerView(ownerAt(held('person'), OPEN, NOW))).toEqual({
      kind: 'person',
      since: '2026-11-20T08:59:00.000Z',
    });
    expect(toOwnerView(undefined)).toBeNull();
  });

  it('is a human at a desk or on the phone', () => {
    const humans = STORED_OWNER_KINDS.filter((kind) => isHuman(ownerAt(held(kind), OPEN, NOW)));

    expect(humans).toEqual(['person', 'phone_app']);
    expect(isHuman(undefined)).toBe(false);
  });
});

describe('the next word on an owner', () => {
  it('is always a later one, also within a millisecond or where clocks differ', () => {
    expect(nextOwner(undefined, { kind: 'person', now: NOW })).toEqual({ kind: 'person', since: NOW.getTime() });
    expect(nextOwner(held('bot', { since: NOW.getTime() }), { kind: 'person', now: NOW }).since).toBe(
      NOW.getTime() + 1,
    );
    expect(nextOwner(held('bot', { since: NOW.getTime() + MINUTE }), { kind: 'none', now: NOW }).since).toBe(
      NOW.getTime() + MINUTE + 1,
    );
  });
});

describe('the owner of a person known by several names', () => {
  const later = (seconds: number) => ({ since: SINCE + seconds });

  it.each<[string, readonly OwnerRecord[], OwnerRecord | undefined]>([
    ['the only one', [held('bot')], held('bot')],
    ['the newest one', [held('bot'), held('person', later(1))], held('person', later(1))],
    ['the release that is newer', [held('person'), held('none', later(1))], held('none', later(1))],
    ['a person, whatever a later webhook says', [held('person'), held('meta_agent', later(1))], held('person')],
    ['a person, whatever is written on the phone', [held('person'), held('phone_app', later(1))], held('person')],
    ['a person, whatever app answers', [held('person'), held('none', { ...later(1), reported: true })], held('person')],
    [
      'the agent, where the hold of a person had ended by itself',
      [held('person', { until: later(1).since }), held('meta_agent', later(1))],
      held('meta_agent', later(1)),
    ],
    [
      'the agent after a release',
      [held('person'), held('none', later(1)), held('meta_agent', later(2))],
      held('meta_agent', later(2)),
    ],
    ['one and the same of two at once', [held('bot'), held('person')], held('person')],
    ['no one', [], undefined],
  ])('is %s', (_, records, merged) => {
    expect(mergedOwner(records)).toEqual(merged);
    expect(mergedOwner(records.toReversed())).toEqual(merged);
  });
});

describe('what a webhook says of an owner', () => {
  const at = NOW.getTime();
  const wordAfter = (record: OwnerRecord | undefined, kind: OwnerReport['kind'], atMs = at) =>
    reportedOwner(record, { kind, atMs }, { session: OPEN, now: NOW });

  it.each<[string, OwnerRecord | undefined, OwnerReport['kind'], OwnerRecord | undefined]>([
    ['is the first word', undefined, 'meta_agent', held('meta_agent', { since: at })],
    ['replaces a bot', held('bot'), 'phone_app', held('phone_app', { since: at })],
    ['replaces another report', held('phone_app'), 'meta_agent', held('meta_agent', { since: at })],
    ['ends no hold of a person', held('person'), 'meta_agent', undefined],
    ['ends no hold of a bot where an app answers', held('bot'), 'app', undefined],
    [
      'ends that of the agent where an app answers',
      held('meta_agent'),
      'app',
      held('none', { since: at, reported: true }),
    ],
    [
      'is kept where an app answers, so that an older report changes nothing',
      undefined,
      'app',
      held('none', { since: at, reported: true }),
    ],
    ['changes nothing while the same one holds it', held('phone_app'), 'phone_app', undefined],
    ['changes nothing where something newer is known', held('none', { since: at }), 'meta_agent', undefined],
    [
      'replaces a person whose hold has ended by itself',
      held('person', { until: at }),
      'meta_agent',
      held('meta_agent', { since: at }),
    ],
  ])('%s', (_, record, kind, expected) => {
    expect(wordAfter(record, kind)).toEqual(expected);
  });

  it('begins anew in the next session', () => {
    expect(reportedOwner(held('bot'), { kind: 'phone_app', atMs: at }, { session: NEXT, now: NOW })).toEqual(
      held('phone_app', { since: at }),
    );
    expect(reportedOwner(held('phone_app'), { kind: 'phone_app', atMs: at }, { session: NEXT, now: NOW })).toEqual(
      held('phone_app', { since: at }),
    );
  });
});
