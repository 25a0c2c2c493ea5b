import { onTestFinished } from 'vitest';
import { drain } from './actors.ts';
import { createDiary } from './diary.ts';
import { actorOf, type Event, START_SECONDS } from './history.ts';
import { createRandom, virtualize } from './virtual.ts';
import { BOTH_PROVIDERS, createWorld } from './world.ts';

/** Plays events one after the other, without faults, on a world with a diary. */
export const playInTurn = async (events: readonly Event[]) => {
  const world = createWorld(BOTH_PROVIDERS);
  onTestFinished(virtualize({ random: createRandom(1), fetch: world.fetch }));
  world.setNow(new Date(START_SECONDS * 1000));
  await world.registerTemplate();
  const diary = createDiary(world.now);
  world.watch({ accept: diary.accepts });
  const witness = { ...diary, tell: () => undefined, reports: () => undefined };
  const of = world.of('all');
  for (const event of events) {
    world.setNow(new Date((START_SECONDS + event.at) * 1000));
    const isAnswered = await actorOf(event, witness).run(of, world);
    if (!isAnswered) throw new Error(`${event.kind} is not answered`);
    await drain(of, world);
  }
  return { world, of, diary };
};
