import { expect, it } from 'vitest';
import { toInstant } from '../../functions/shared/domain/time.ts';
import { createConsumer } from './consumer.ts';
import { CHANNELS, type Event, START_SECONDS } from './history.ts';
import { checkDrained, rowsOf } from './invariants.ts';
import { playInTurn } from './play-in-turn.ts';
import type { World } from './world.ts';

const BASE = { channel: 0, person: 0 } as const;
const HOUR = 3_600;
const UNTIL_NEW_OWNER: readonly Event[] = [
  { ...BASE, at: 0, kind: 'message', id: 1, by: 'both', text: 'Hello', delay: 30 * HOUR },
  { ...BASE, at: 1, kind: 'consent', state: 'opted_in' },
  { ...BASE, at: 2, kind: 'send', key: 1, isTemplate: true, by: 'number' },
  { ...BASE, at: 60, kind: 'message', id: 2, by: 'new owner', text: 'Hello', delay: 1 },
];

const holdersOf = (world: World, name: string): unknown =>
  rowsOf(world).find(({ pk, sk }) => pk === `CUSTOMER#support#${name}` && sk === 'CUSTOMER')?.['slotHolders'];

it('gives the slot back to the old owner of a number, whose template failed after the number had a new one', async () => {
  const { world: before } = await playInTurn(UNTIL_NEW_OWNER);
  expect(holdersOf(before, 'DE.4000000000000001')).toHaveProperty('size', 1);

  const { world } = await playInTurn([
    ...UNTIL_NEW_OWNER,
    { ...BASE, at: 120, kind: 'status', status: 'failed', back: 0 },
  ]);

  expect(holdersOf(world, 'DE.4000000000000001')).toBeUndefined();
  expect(checkDrained(world, CHANNELS)).toEqual([]);
});

it('lets a template take the slot of the old owner again that was delivered after all', async () => {
  const { world } = await playInTurn([
    ...UNTIL_NEW_OWNER,
    { ...BASE, at: 120, kind: 'status', status: 'failed', back: 0 },
    { ...BASE, at: 180, kind: 'status', status: 'delivered', back: 0 },
  ]);

  expect(holdersOf(world, 'DE.4000000000000001')).toHaveProperty('size', 1);
  expect(holdersOf(world, '+4915112345671')).toBeUndefined();
});

it('gives the slot back to a customer who has got the number of another since', async () => {
  const untilNumber: readonly Event[] = [
    { ...BASE, at: 0, kind: 'message', id: 1, by: 'new owner', text: 'Hello', delay: 31 * HOUR },
    { ...BASE, at: 1, kind: 'message', id: 2, by: 'user id', text: 'START', delay: 30 * HOUR },
    { ...BASE, at: 2, kind: 'send', key: 1, isTemplate: true, by: 'user id' },
    { ...BASE, at: 60, kind: 'message', id: 3, by: 'both', text: 'Hello', delay: 1 },
  ];
  const { world: before } = await playInTurn(untilNumber);
  expect(holdersOf(before, '+4915112345671')).toHaveProperty('size', 1);

  const { world } = await playInTurn([...untilNumber, { ...BASE, at: 120, kind: 'status', status: 'failed', back: 0 }]);

  expect(holdersOf(world, '+4915112345671')).toBeUndefined();
  expect(checkDrained(world, CHANNELS)).toEqual([]);
});

it('gives the slot back to the old owner, whose template was sent after the new one wrote and before that was known', async () => {
  const [first, consent, send] = UNTIL_NEW_OWNER as readonly [Event, Event, Event];
  const late: Event = { ...BASE, at: 60, kind: 'message', id: 2, by: 'new owner', text: 'Hello', delay: 59 };
  const failed: Event = { ...BASE, at: 120, kind: 'status', status: 'failed', back: 0 };

  const { world } = await playInTurn([first, consent, { ...send, at: 30 }, late, failed]);

  expect(world.accepted()).toHaveLength(1);
  expect(holdersOf(world, 'DE.4000000000000001')).toBeUndefined();
  expect(checkDrained(world, CHANNELS)).toEqual([]);
});

it('gives the slot back to the old owner, where the new one had the number before too', async () => {
  const [both, consent, send] = UNTIL_NEW_OWNER as readonly [Event, Event, Event];
  const had: Event = { ...BASE, at: 0, kind: 'message', id: 9, by: 'new owner', text: 'Hello', delay: 60 * HOUR };
  const again: Event = { ...BASE, at: 60, kind: 'message', id: 2, by: 'new owner', text: 'Hello', delay: 59 };
  const failed: Event = { ...BASE, at: 120, kind: 'status', status: 'failed', back: 0 };

  const { world } = await playInTurn([had, both, consent, { ...send, at: 30 }, again, failed]);

  expect(world.accepted()).toHaveLength(1);
  expect(holdersOf(world, 'DE.4000000000000001')).toBeUndefined();
  expect(checkDrained(world, CHANNELS)).toEqual([]);
});

it('counts the message that brought a new owner at its first arrival, also where its clock was ahead and it comes again', async () => {
  const message = { ...BASE, kind: 'message', id: 2, by: 'new owner', text: 'Hello' } as const;

  const { world, of } = await playInTurn([
    { ...BASE, at: 0, kind: 'message', id: 1, by: 'both', text: 'Hello', delay: 1 },
    { ...message, at: 60, delay: -4_000 },
    { ...message, at: 4_000, delay: -60 },
  ]);

  const { body } = await of.showCustomer('support', '+4915112345671');
  expect(body).toHaveProperty('session.expiresAt', toInstant(START_SECONDS + 60 + 86_400));
  const received = world.published().filter(({ detailType }) => detailType === 'message.received');
  const sessions = new Map(received.map(({ id, detail }) => [id, JSON.parse(detail).sessionId]));
  expect([...sessions.values()]).toEqual([expect.any(String), undefined]);
});

it('counts a late message for the old owner, where the new one brought along a session that is older', async () => {
  const { of } = await playInTurn([
    { ...BASE, at: 1, kind: 'message', id: 1, by: 'new owner', text: 'Hello', delay: 1 },
    { ...BASE, at: HOUR + 1, kind: 'message', id: 2, by: 'user id', text: 'Hello', delay: 1 },
    { ...BASE, at: 3 * HOUR + 1, kind: 'message', id: 3, by: 'both', text: 'Hello', delay: 1 },
    { ...BASE, at: 4 * HOUR, kind: 'message', id: 4, by: 'new owner', text: 'Hello', delay: 2 * HOUR },
  ]);

  const endOf = async (name: string) => (await of.showCustomer('support', name)).body['session'];
  expect(await endOf('DE.5000000000000001')).toHaveProperty('expiresAt', toInstant(START_SECONDS + 26 * HOUR));
  expect(await endOf('+4915112345671')).toHaveProperty('expiresAt', toInstant(START_SECONDS + 27 * HOUR));
});

it('tells a consumer that the old owner has a name of their own again, also where all of it is reported late', async () => {
  const consumer = createConsumer();

  const { world } = await playInTurn([
    { ...BASE, at: 0, kind: 'message', id: 1, by: 'both', text: 'Hello', delay: 30 * HOUR },
    { ...BASE, at: 60, kind: 'message', id: 2, by: 'new owner', text: 'Hello', delay: 23 * HOUR },
  ]);
  for (const event of world.published()) consumer.take(event);

  expect(consumer.customersOf('support', 'DE.4000000000000001')).toEqual(['DE.4000000000000001']);
  expect(consumer.customersOf('support', 'DE.5000000000000001')).toEqual(['+4915112345671']);
});
