import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { checkDiary } from './diary.ts';
import type { Event } from './history.ts';
import { rowsOf } from './invariants.ts';
import { playInTurn } from './play-in-turn.ts';
import type { World } from './world.ts';

const BASE = { channel: 0, person: 0 } as const;
const HELLO = { ...BASE, kind: 'message', by: 'both', text: 'Hello', delay: 1 } as const;
const ERASE = { ...BASE, kind: 'erase' } as const;

/** Changes how many a counter has, in the place that has one. */
const countOne = (world: World, channel: string, by: number): void => {
  const counter = rowsOf(world).find(
    ({ pk, sk, members }) =>
      sk === 'COUNT#MEMBERS' && pk.startsWith(`USAGE#${channel}#2026-11#`) && Number(members) > 0,
  );
  if (counter === undefined) throw new Error('nobody is counted');
  const { pk, sk, members } = counter;
  world.table.write({ pk, sk }, marshall({ ...counter, members: Number(members) + by }));
};

const STORIES: Readonly<Record<string, readonly Event[]>> = {
  'who came back after an erasure': [
    { ...HELLO, at: 0, id: 1 },
    { ...ERASE, at: 1 },
    { ...HELLO, at: 2, id: 2 },
  ],
  'under two names that an erasure has separated': [
    { ...HELLO, at: 0, id: 1 },
    { ...ERASE, at: 1 },
    { ...HELLO, at: 2, id: 2, by: 'number' },
    { ...HELLO, at: 3, id: 3, by: 'user id' },
  ],
  'whom another channel knows too': [
    { ...HELLO, at: 0, id: 1, channel: 1 },
    { ...HELLO, at: 1, id: 2 },
    { ...ERASE, at: 2 },
    { ...HELLO, at: 3, id: 3 },
  ],
  'who was written to after an erasure': [
    { ...HELLO, at: 0, id: 1 },
    { ...ERASE, at: 1 },
    { ...BASE, at: 2, kind: 'consent', state: 'opted_in' },
    { ...BASE, at: 3, kind: 'send', key: 1, isTemplate: true, by: 'number' },
    { ...BASE, at: 4, kind: 'status', status: 'delivered', back: 0 },
  ],
  'whose number has a new owner': [
    { ...HELLO, at: 0, id: 1 },
    { ...HELLO, at: 60, id: 2, by: 'new owner' },
  ],
};

describe('the members of a month', () => {
  it.each<readonly [string, string, number, string]>([
    ['who came back after an erasure', 'support', -1, '1 customers of support 2026-11 are counted where 2 to 2'],
    ['who came back after an erasure', '*', 1, '3 customers of * 2026-11 are counted where 2 to 2'],
    [
      'under two names that an erasure has separated',
      'support',
      1,
      '4 customers of support 2026-11 are counted where 2 to 3',
    ],
    ['whom another channel knows too', 'support', -1, '1 customers of support 2026-11 are counted where 2 to 2'],
    ['whom another channel knows too', '*', -1, '0 customers of * 2026-11 are counted where 1 to 2'],
    ['who was written to after an erasure', 'support', -1, '1 customers of support 2026-11 are counted where 2 to 2'],
    ['whose number has a new owner', 'support', 1, '3 customers of support 2026-11 are counted where 2 to 2'],
    ['whose number has a new owner', '*', -1, '1 customers of * 2026-11 are counted where 2 to 2'],
  ])('of a customer %s, on %s', async (story, channel, by, fault) => {
    const { world, diary } = await playInTurn(STORIES[story] ?? []);
    expect(checkDiary(world, diary)).toEqual([]);

    countOne(world, channel, by);

    expect(checkDiary(world, diary)).toEqual([`R14: ${fault} wrote or were written to`]);
  });
});

it('a message that was taken after an erasure is lost', async () => {
  const { world, diary } = await playInTurn(STORIES['who came back after an erasure'] ?? []);
  const state = world.save();

  world.restore({ ...state, published: state.published.filter(({ detail }) => !detail.includes('wamid.0.0.2')) });

  expect(checkDiary(world, diary)).toEqual(['a message that was taken is lost']);
});
