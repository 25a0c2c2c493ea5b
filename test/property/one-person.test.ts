import * as fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { CustomerKey, customerOf, type Identities } from '../../functions/shared/domain/customer.ts';
import type { ReportedName } from '../../functions/shared/domain/names.ts';
import { decideSend, isReengagementFree, slotTakenAt } from '../../functions/shared/domain/send-decision.ts';
import { toReference } from '../../functions/shared/store/message/message-reference.ts';
import { anArrival, CHANNEL, NOON, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { aClaimOfSlot } from '../support/claims.ts';
import { aChangeOfConsent } from '../support/consents.ts';
import { aTableInMemory } from '../support/table.ts';
import { anActivity, mauOf } from '../support/usage.ts';

const DAY = 86_400;
const W = CustomerKey.parse('+16505551234');
const CRM = CustomerKey.parse('+16505550199');
const U = CustomerKey.parse('US.13491208655302741918');
const NAMES = [W, CRM, U] as const;

/** A table in which requests of several writers take effect in the order that the scheduler chooses. */
const aScheduledTable = (scheduler: fc.Scheduler) => {
  const { through, scan } = aTableInMemory();
  const store = through(async (name, run) => {
    await scheduler.schedule(Promise.resolve(), name);
    return run();
  });
  return { store, scan };
};

let table: ReturnType<typeof aScheduledTable>;

const SENDERS: readonly Identities[] = [{ phone: W }, { userId: U }, { phone: W, userId: U }];
const LINKS: readonly (readonly ReportedName[])[] = [
  [
    { name: W, kind: 'wa_id' },
    { name: U, kind: 'user_id' },
  ],
  [
    { name: CRM, kind: 'number' },
    { name: W, kind: 'wa_id' },
  ],
];

type Event =
  | { readonly kind: 'message'; readonly sender: number; readonly second: number }
  | { readonly kind: 'consent'; readonly name: number; readonly isOut: boolean; readonly second: number }
  | { readonly kind: 'link'; readonly link: number }
  | { readonly kind: 'send'; readonly name: number; readonly second: number; readonly fails: boolean };

/** Messages of the first day and of the fourth, templates on the third, when every window of the first has ended. */
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('message' as const),
    sender: fc.nat(2),
    second: fc.oneof(fc.nat(50), fc.integer({ min: 3 * DAY, max: 3 * DAY + 5 })),
  }),
  fc.record({ kind: fc.constant('consent' as const), name: fc.nat(2), isOut: fc.boolean(), second: fc.nat(20) }),
  fc.record({ kind: fc.constant('link' as const), link: fc.nat(1) }),
  fc.record({
    kind: fc.constant('send' as const),
    name: fc.nat(2),
    second: fc.integer({ min: 2 * DAY, max: 2 * DAY + 20 }),
    fails: fc.boolean(),
  }),
);

interface Sent {
  readonly id: string;
  readonly takenAt: number;
  readonly fails: boolean;
}

const nameAt = (index: number): CustomerKey => NAMES[index] ?? W;

const send = async ({ name, second, fails }: Extract<Event, { kind: 'send' }>): Promise<Sent | undefined> => {
  const now = secondsAfterNoon(second);
  const state = await table.store.loadSendState({ channel: CHANNEL, customer: nameAt(name), templates: [] });
  const policy = { sendMarginSeconds: 30, reengagementLimit: 1 };
  const decided = decideSend(
    { now, policy, session: state.session, customer: state.record },
    { kind: 'template', purpose: 'reengagement' },
  );
  if (!decided.allowed || !decided.usesReengagement) return undefined;
  const id = `msg_${ulid()}`;
  const claimed = await table.store.claimSend(
    aClaimOfSlot({ id, claimedBy: id, state, now, decision: { consentVersion: 0 } }),
  );
  if (claimed.kind !== 'claimed') return undefined;
  await Promise.resolve();
  if (fails)
    await table.store.recordStatus({
      channel: CHANNEL,
      reference: toReference({ atMs: now.getTime(), id, customer: claimed.customer }),
      providerMessageId: `wamid.${id}`,
      to: 'failed',
      atMs: now.getTime(),
    });
  return { id, takenAt: slotTakenAt(state.record.lastOpenedAt, now), fails };
};

const play = async (one: Event): Promise<Sent | undefined> => {
  switch (one.kind) {
    case 'message': {
      const at = secondsAfterNoon(one.second);
      const id = `wamid.${one.sender}.${one.second}`;
      const identities = SENDERS[one.sender] ?? { phone: W };
      await table.store.recordInbound(anArrival({ at, id, identities }));
      await table.store.countActivities([anActivity({ customer: customerOf(identities), at, id })]);
      return undefined;
    }
    case 'consent': {
      const change = aChangeOfConsent(one.isOut ? 'opted_out' : 'opted_in', one.second);
      await table.store.recordConsent({ channel: CHANNEL, customer: nameAt(one.name), change, now: NOON });
      return undefined;
    }
    case 'link': {
      const link = { channel: CHANNEL, names: LINKS[one.link] ?? [], at: NOON_SECONDS, learnedFrom: 'status' } as const;
      await table.store.linkNames({ link, now: NOON });
      return undefined;
    }
    case 'send':
      return send(one);
  }
};

/** Plays the events, several at once, and at the end all links, so that every name is known. */
const playAll = async (events: readonly Event[], atOnce: number): Promise<readonly Sent[]> => {
  const sent: Sent[] = [];
  for (let index = 0; index < events.length; index += atOnce)
    sent.push(...(await Promise.all(events.slice(index, index + atOnce).map(play))).filter((one) => one !== undefined));
  for (const link of LINKS.keys()) await play({ kind: 'link', link });
  // What the stream makes of the tombstones.
  for (const from of [CRM, U]) await table.store.mergeMembers({ channel: CHANNEL, from, now: NOON });
  return sent;
};

const latest = (seconds: readonly number[]): number | undefined =>
  seconds.length === 0 ? undefined : NOON_SECONDS + Math.max(...seconds);

const expectedConsent = (events: readonly Event[]) => {
  const changes = events.filter((one) => one.kind === 'consent');
  const at = latest(changes.map(({ second }) => second));
  const last = changes.filter(({ second }) => NOON_SECONDS + second === at);
  return at === undefined ? 'unknown' : last.some(({ isOut }) => isOut) ? 'opted_out' : 'opted_in';
};

/** A tombstone holds no state, stands under both rows or none, and leads to the state in one step. */
const checkTombstones = async () => {
  const items = await table.scan();
  const rows = items.filter(({ sk }) => sk === 'SESSION' || sk === 'CUSTOMER');
  for (const { pk, sk, movedTo, ...state } of rows.filter((row) => row['movedTo'] !== undefined)) {
    const target = rows.find(
      (row) => row['pk'] === `CUSTOMER#${CHANNEL}#${String(movedTo)}` && row['sk'] === 'CUSTOMER',
    );
    expect(target).toBeDefined();
    expect(target).not.toHaveProperty('movedTo');
    const other = rows.find((row) => row['pk'] === pk && row['sk'] !== sk);
    expect(other).toMatchObject({ movedTo });
    for (const attribute of ['consent', 'sessionId', 'slotHolders', 'lastOpenedAt'])
      expect(state).not.toHaveProperty(attribute);
  }
};

const checkPerson = async (events: readonly Event[], sent: readonly Sent[]) => {
  const messages = events.filter((one) => one.kind === 'message').map(({ second }) => second);
  const last = latest(messages);
  for (const name of NAMES) {
    const { customer, names, session, record } = await table.store.loadCustomer(CHANNEL, name);
    expect([name, customer, names.map((one) => one.name).toSorted()]).toEqual([name, W, [...NAMES].toSorted()]);
    expect(record.consent.state).toBe(expectedConsent(events));
    const known = [session?.lastInboundAt, record.lastOpenedAt, record.lastInboundAt].filter((at) => at !== undefined);
    expect(known.length === 0 ? undefined : Math.max(...known)).toBe(last);
    if (session !== undefined) expect(session.expiresAt).toBe(session.lastInboundAt + DAY);
    const holders = new Set(record.slot?.holders);
    for (const { id, fails } of sent) if (fails) expect(holders).not.toContain(id);
    const held = sent.filter(({ fails, takenAt }) => !fails && takenAt > (last ?? -1));
    expect(isReengagementFree(record, 1)).toBe(held.length === 0);
  }
  const { messages: thread } = await table.store.readThread({ channel: CHANNEL, customer: U, limit: 100 });
  const ids = thread.flatMap((message) => (message.direction === 'inbound' ? [message.id] : []));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(
    new Set(events.flatMap((one) => (one.kind === 'message' ? [`${one.sender} ${one.second}`] : []))).size,
  );
};

describe('one person', () => {
  it('is the same in any order, repeated and at the same time, under all names', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 3, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.scheduler(),
        async (events, atOnce, isRepeated, scheduler) => {
          table = aScheduledTable(scheduler);
          const repeated = isRepeated ? events.filter(({ kind }) => kind !== 'send') : [];

          const sent = await scheduler.waitFor(playAll([...events, ...repeated.toReversed()], atOnce));

          await checkTombstones();
          await scheduler.waitFor(checkPerson(events, sent));
          expect((await mauOf(table)).channel).toBe(events.some(({ kind }) => kind === 'message') ? 1 : 0);
        },
      ),
    );
  });

  it('is erased under every name, whenever a link comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 2, maxLength: 8 }),
        fc.nat(2),
        fc.scheduler(),
        async (events, asked, scheduler) => {
          table = aScheduledTable(scheduler);
          await scheduler.waitFor(playAll(events, 3));
          const request = {
            channel: CHANNEL,
            customer: nameAt(asked),
            channels: [CHANNEL],
            now: NOON,
            goOn: () => true,
          };
          const erase = (customer: CustomerKey) =>
            scheduler.waitFor(table.store.eraseCustomer({ ...request, customer }));

          await scheduler.waitFor(Promise.all([table.store.eraseCustomer(request), play({ kind: 'link', link: 0 })]));
          for (const name of NAMES) await erase(name);

          const left = JSON.stringify(await table.scan());
          for (const name of NAMES) expect(left).not.toContain(name);
        },
      ),
    );
  });
});
