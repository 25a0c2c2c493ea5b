import { createRandom } from '../virtual.ts';
import { createCustomers, START } from './customers.ts';
import { createDueWorld } from './due-world.ts';
import { createWatch } from './watch.ts';

const DAY = 86_400;
const HOUR = 3_600;

export interface Days {
  readonly seed: number;
  readonly lead: number;
  readonly days: number;
  readonly customers: number;
  /** Whether customers chat every hour or so, or write seldom. */
  readonly habit: 'chat' | 'few' | 'mixed';
}

/** What a run met. */
export interface Played {
  readonly faults: readonly string[];
  readonly met: Readonly<
    Record<
      'messages' | 'late' | 'merged' | 'closedByProvider' | 'pauses' | 'leads' | 'lists' | 'closing' | 'closed',
      number
    >
  >;
}

/** Plays days of some customers: messages, late ones, links, refusals, pauses of the sweep, another lead, lists; with a lagging index, stale reads and conflicts. */
export const playDays = async ({ seed, lead, days, customers: count, habit }: Days): Promise<Played> => {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const world = createDueWorld(lead);
  const watch = createWatch(world);
  const met = { messages: 0, late: 0, merged: 0, closedByProvider: 0, pauses: 0, leads: 0, lists: 0 };
  const chats = (): boolean => habit === 'chat' || (habit === 'mixed' && random() < 0.5);
  const customers = createCustomers({ count, beginWithin: DAY / 2, chats, below });
  const idOf = (number: string): string => `US.${number.slice(1)}`;

  const write = async (number: string): Promise<void> => {
    const chance = random();
    met.messages += 1;
    if (chance < 0.05) {
      met.late += 1;
      await world.write(number, world.now() - below(23.9 * HOUR));
    } else if (chance < 0.1) await world.writeById(idOf(number));
    else if (chance < 0.13) {
      met.merged += 1;
      await world.write(number, world.now(), idOf(number));
    } else await world.write(number);
    watch.wrote();
  };
  // A message meets the sweep before one of its requests.
  world.disturb(
    () => random() < 0.2,
    async ({ name }) => {
      if (name !== 'UpdateItem' || random() > 0.1) return;
      const number = customers.numbers[below(count)] ?? '';
      await write(number);
    },
  );

  let lagsUntil = 0;
  let pausedUntil = 0;
  world.setNow(START);
  watch.disturbed();
  for (const now of customers.seconds(days)) {
    world.setNow(now);
    if (lagsUntil <= now) world.setLagging(false);
    for (const number of customers.writers(now)) await write(number);
    if (random() < 0.002) {
      met.closedByProvider += 1;
      const session = world.sessions()[below(count)];
      if (session !== undefined && session.phase !== 'closed') await world.closeByProvider(session.customer, session);
    }
    if (random() < 0.001 && pausedUntil <= now) {
      met.pauses += 1;
      pausedUntil = now + below(5 * HOUR);
    }
    if (random() < 0.0004) {
      met.leads += 1;
      world.setLead(1 + below(DAY - 1));
      watch.disturbed();
    }
    if (random() < 0.3) {
      // The index lags for less than twenty seconds: past the present minute only for those who read it now.
      world.setLagging(true);
      lagsUntil = now + 20;
    }
    if (pausedUntil > now) watch.disturbed();
    else {
      await world.sweep();
      watch.swept();
    }
    if (random() < 0.02) {
      met.lists += 1;
      const isExact = lagsUntil <= now && pausedUntil <= now;
      await watch.checkList(1 + below(random() < 0.5 ? HOUR : DAY), 1 + below(20), isExact);
    }
  }
  return { faults: watch.faults, met: { ...met, closing: watch.came('closing'), closed: watch.came('closed') } };
};
