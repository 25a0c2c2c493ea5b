import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ACTORS, drain, prepare } from './actors.ts';
import { checkDiary, createDiary } from './diary.ts';
import type { Event } from './history.ts';
import { checkDoubts, checkDrained, checkState, rowsOf } from './invariants.ts';
import { checkClaim, checkMaximum, checkPeople, checkRecords, checkSend, lastOpenings } from './people.ts';
import { rest } from './rest.ts';
import { neverMet, SOMETIMES } from './sometimes.ts';
import { createRandom, virtualize } from './virtual.ts';
import { BOTH_PROVIDERS, createWorld, META_ONLY, type World, type WorldState } from './world.ts';

type Row = ReturnType<typeof rowsOf>[number];
type Where = (row: Row) => boolean;

const aWorld = async (story: string, config = META_ONLY): Promise<World> => {
  const world = createWorld(config);
  onTestFinished(virtualize({ random: createRandom(1), fetch: world.fetch }));
  await prepare(world, story);
  await drain(world.of('before'), world);
  return world;
};

const SESSION: Where = ({ sk, movedTo }) => sk === 'SESSION' && movedTo === undefined;
const CUSTOMER: Where = ({ sk, movedTo }) => sk === 'CUSTOMER' && movedTo === undefined;
const TOMBSTONE: Where = ({ sk, movedTo }) => sk === 'CUSTOMER' && movedTo !== undefined;
const SENT: Where = ({ direction }) => direction === 'outbound';
const COUNTER: Where = ({ sk }) => sk === 'COUNT#MEMBERS';

const found = (world: World, where: Where): Row => {
  const row = rowsOf(world).find(where);
  if (row === undefined) throw new Error('the story has no such item');
  return row;
};

const write = (world: World, { pk, sk, ...item }: Row): void =>
  world.table.write({ pk, sk }, marshall({ pk, sk, ...item }, { removeUndefinedValues: true }));

/** Changes an item behind the service's back. */
const change = (world: World, where: Where, changes: (row: Row) => object): void => {
  const row = found(world, where);
  write(world, { ...row, ...changes(row) });
};

const remove = (world: World, where: Where): void => {
  const { pk, sk } = found(world, where);
  world.table.write({ pk, sk }, undefined);
};

const replace = (world: World, changes: (state: WorldState) => Partial<WorldState>): void => {
  const state = world.save();
  world.restore({ ...state, ...changes(state) });
};

const statuses = (...all: readonly string[]) => ({
  status: all.at(-1),
  statuses: all.map((status) => ({ status, at: 1_790_000_000_000 })),
});

const lastInboundAt = (row: Row): number => Number(row['lastInboundAt']);

type Plant = (world: World) => void;

describe('a rule of every state', () => {
  it.each<readonly [string, string, Plant]>([
    [
      'R1: the window does not end 24 h',
      'open',
      (world) => change(world, SESSION, (row) => ({ expiresAt: Number(row['expiresAt']) + 1 })),
    ],
    ['is in the due index at', 'open', (world) => change(world, SESSION, () => ({ dueAt: undefined }))],
    [
      'R10: the provider closed it',
      'open',
      (world) => change(world, SESSION, (row) => ({ providerClosedFor: lastInboundAt(row) })),
    ],
    ['R13: sent follows delivered', 'open', (world) => change(world, SENT, () => statuses('delivered', 'sent'))],
    ['R13: the status is read', 'open', (world) => change(world, SENT, () => ({ status: 'read' }))],
    [
      'R12: a send with an outcome is in the due index',
      'open',
      (world) => change(world, SENT, () => ({ dueAt: 1_790_000_000, dueShard: 'send#support' })),
    ],
    ['R12: a send without an outcome has no owner', 'open', (world) => change(world, SENT, () => statuses('accepted'))],
    ['a tombstone holds consent', 'merged', (world) => change(world, TOMBSTONE, () => ({ consent: {} }))],
    ['a name leads to nothing', 'merged', (world) => remove(world, CUSTOMER)],
    ['a name leads to another name', 'merged', (world) => change(world, CUSTOMER, () => ({ movedTo: '+49151' }))],
    [
      'R8: two templates re-engaged a customer',
      'reengaged',
      (world) => write(world, { ...found(world, SENT), sk: 'MSG#1790000000000#msg_00000000000000000000000000' }),
    ],
    [
      'R11: the provider accepted one message twice',
      'open',
      (world) => replace(world, ({ accepted }) => ({ accepted: [...accepted, ...accepted] })),
    ],
  ])('is broken: %s', async (fault, story, plant) => {
    const world = await aWorld(story === 'merged' ? 'open' : story);
    if (story === 'merged') await merge(world);
    expect(checkState(world)).toEqual([]);

    plant(world);

    expect(checkState(world)).toContainEqual(expect.stringContaining(fault));
  });
});

/** A message with both names links them. */
const merge = async (world: World): Promise<void> => {
  const actor = ACTORS.find(({ name }) => name === 'merge');
  await actor?.run(world.of('before'), world);
  await drain(world.of('before'), world);
};

describe('a rule of a state at rest', () => {
  it.each<readonly [string, string, Plant]>([
    [
      'R8: a slot has holders and was never used',
      'reengaged',
      (world) => change(world, CUSTOMER, () => ({ slotUsedAt: undefined })),
    ],
    ['R8: a failed message holds the slot', 'reengaged', (world) => change(world, SENT, () => statuses('failed'))],
    [
      'R14: a counter has',
      'open',
      (world) => change(world, COUNTER, ({ members }) => ({ members: Number(members) + 1 })),
    ],
    [
      'a session is opened 0 times',
      'open',
      (world) =>
        replace(world, ({ published }) => ({
          published: published
            .filter(({ detailType }) => detailType !== 'session.opened')
            .concat(
              published
                .filter(({ detailType }) => detailType === 'session.opened')
                .map((one) => ({ ...one, detailType: 'session.closing' })),
            ),
        })),
    ],
    ['a session that is over is closed 0 times', 'open', (world) => remove(world, SESSION)],
    [
      'a session that is live is closed 1 times',
      'open',
      (world) =>
        replace(world, ({ published }) => ({
          published: [
            ...published,
            ...published
              .filter(({ detailType }) => detailType === 'session.opened')
              .map((one) => ({ ...one, id: `${one.id}2`, detailType: 'session.closed' })),
          ],
        })),
    ],
  ])('is broken: %s', async (fault, story, plant) => {
    const world = await aWorld(story);
    expect(checkDrained(world, ['support'])).toEqual([]);

    plant(world);

    expect(checkDrained(world, ['support'])).toContainEqual(expect.stringContaining(fault));
  });
});

describe('a rule of a customer', () => {
  it.each<readonly [string, string, (world: World) => readonly string[], Plant]>([
    [
      'R1: the newest message is of',
      'open',
      checkPeople,
      (world) => change(world, SESSION, (row) => ({ lastInboundAt: lastInboundAt(row) + 60 })),
    ],
    [
      'R8: the slot is used, and the customer has written since',
      'reengaged',
      checkPeople,
      (world) => change(world, CUSTOMER, () => ({ slotUsedAt: 1, lastOpenedAt: undefined })),
    ],
    [
      'R8: the slot is used, and the next message will not free it',
      'open',
      checkRecords,
      (world) => change(world, CUSTOMER, () => ({ slotUsedAt: 2_000_000_000, slotHolders: new Set(['msg_1']) })),
    ],
    [
      'R8: a message freed the slot, and its session is marked',
      'open',
      checkRecords,
      (world) => change(world, SESSION, (row) => ({ slotUsedAt: lastInboundAt(row) })),
    ],
    [
      'R3: a message counts in the future',
      'open',
      checkRecords,
      (world) => change(world, CUSTOMER, () => ({ lastOpenedAt: Math.floor(world.now().getTime() / 1000) + 302 })),
    ],
  ])('is broken: %s', async (fault, story, check, plant) => {
    const world = await aWorld(story);
    expect(check(world)).toEqual([]);

    plant(world);

    expect(check(world)).toContainEqual(expect.stringContaining(fault));
  });

  it('is broken: R8: a late message lowered the time of the last opening', async () => {
    const world = await aWorld('open');
    const before = lastOpenings(world);
    expect(checkMaximum(before, world)).toEqual([]);

    change(world, CUSTOMER, ({ lastOpenedAt }) => ({ lastOpenedAt: Number(lastOpenedAt) - 1 }));

    expect(checkMaximum(before, world)).toContainEqual(expect.stringContaining('R8: a late message lowered'));
  });

  it('is broken: R7: a session message reached the provider outside the window', async () => {
    const world = await aWorld('open');
    const { id } = found(world, SENT);
    const check = () => checkSend(world, { id, atMs: 0 } as never);
    expect(check()).toEqual([]);

    world.setNow(new Date(world.now().getTime() + 86_400_000));

    expect(check()).toEqual(['R7: a session message reached the provider outside the window']);
  });

  it.each([
    [
      'R9: a send was claimed after an opt-out',
      'UTILITY',
      { consent: { state: 'opted_out', effectiveAt: 2_000_000_000 } },
    ],
    [
      'R9: an offer was claimed after an opt-out of marketing',
      'MARKETING',
      { marketing: { state: 'opted_out', effectiveAt: 2_000_000_000 } },
    ],
  ])('is broken: %s', async (fault, category, changes) => {
    const world = await aWorld('reengaged');
    const record = found(world, SENT);
    const item = { ...record, decision: { ...(record['decision'] as object), template: { category } } };
    const claim = rowsOf(world).find(({ sk }) => sk === 'SEND');
    const input = { TransactItems: [{ Put: { Item: claim } }, { Put: { Item: item } }] };
    const check = () => checkClaim(world, { name: 'TransactWriteItems', input, run: () => ({}) });
    expect(check()).toEqual([]);
    const own = { source: 'website', actor: 'customer' };

    change(world, CUSTOMER, () =>
      Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, { ...own, ...value }])),
    );

    expect(check()).toEqual([fault]);
  });

  it('is broken: R12: a status has not settled a doubt', async () => {
    const world = await aWorld('open');
    expect(checkDoubts(world)).toEqual([]);

    change(world, SENT, () => statuses('in_doubt'));

    expect(checkDoubts(world)).toEqual(['R12: a status has not settled a doubt']);
  });
});

const HELLO: Extract<Event, { kind: 'message' }> = {
  kind: 'message',
  at: 0,
  channel: 0,
  person: 0,
  id: 1,
  by: 'number',
  text: 'Hello',
  delay: 0,
};

describe('what customers and providers know themselves', () => {
  const aDiary = async () => {
    const world = await aWorld('open', BOTH_PROVIDERS);
    const diary = createDiary(world.now);
    diary.arrives(HELLO);
    return { world, diary };
  };

  it('shows a message that was taken and is lost, and a customer who is not counted', async () => {
    const { world, diary } = await aDiary();
    diary.isTaken(HELLO);

    expect(checkDiary(world, diary)).toContain('a message that was taken is lost');
    expect(checkDiary(world, diary)).toContainEqual(
      expect.stringContaining('R14: 2 customers of support 2026-11 are counted where 1 to 1'),
    );
  });

  it('shows a session message to someone who has not written for 24 hours', async () => {
    const { world, diary } = await aDiary();
    const sent = world.accepted()[0];
    if (sent === undefined) throw new Error('nothing was sent');

    expect(diary.accepts({ ...sent, atMs: Date.parse('2026-11-28T12:00:00Z') })).toEqual([
      'R7: the provider took a session message of whom had not written for 24 hours',
    ]);
  });
});

describe('liveness', () => {
  const aRest = async (changes: Partial<ReturnType<World['of']>>, open: Parameters<typeof rest>[2] = []) => {
    const world = await aWorld('open', BOTH_PROVIDERS);
    return rest(world, { of: { ...world.of('rest'), ...changes }, diary: createDiary(world.now) }, open);
  };

  it('holds', async () => {
    expect(await aRest({})).toEqual([]);
  });

  it.each<readonly [string, Parameters<typeof aRest>]>([
    ['liveness: a call is never answered', [{}, [{ name: 'a call', run: async () => false }]]],
    ['liveness: the sweep fails', [{ sweep: () => Promise.reject(new Error('planted')) }]],
    ['liveness: a session is never closed', [{ sweep: async () => undefined }]],
  ])('is broken: %s', async (fault, given) => {
    expect(await aRest(...given)).toContain(fault);
  });

  it('is broken: liveness: a claim is stuck', async () => {
    const world = await aWorld('open', BOTH_PROVIDERS);
    change(world, SENT, () => statuses('accepted'));

    const resting = { of: world.of('rest'), diary: createDiary(world.now) };
    expect(await rest(world, resting, [])).toContain('liveness: a claim is stuck');
  });

  it('is broken: the stream does not drain', async () => {
    const stream = () => Promise.reject(new Error('planted'));
    await expect(aRest({ stream })).rejects.toThrow('the stream does not drain');
  });
});

it.each(SOMETIMES)('a run that has never met this fails: %s', (what) => {
  const counters = new Map(SOMETIMES.filter((one) => one !== what).map((one) => [one, 1]));

  expect(neverMet(counters)).toEqual([what]);
  expect(neverMet(new Map([...counters, [what, 1]]))).toEqual([]);
});
