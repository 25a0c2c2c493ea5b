import { createCustomers, START } from '../simulation/due/customers.ts';
import { createDueWorld } from '../simulation/due/due-world.ts';
import { createRandom, virtualize } from '../simulation/virtual.ts';
import { printRow } from './support.ts';

/**
 * Write units of session, customer and index for each message, without the message's own, of customers with different
 * habits: with entries of the due index that may be early, and with entries that follow each message to another
 * five minutes, as they did before. Both are counted in one run of the real webhook's store and the real sweep.
 */
const DAYS = 4;
const CUSTOMERS = 40;
const HOUR = 3_600;
const DAY = 86_400;
const BUCKET = 300;

type Habit = 'chat' | 'half chat' | 'few messages';

const play = async (habit: Habit, lead: number) => {
  const random = createRandom(1);
  const below = (limit: number): number => Math.floor(random() * limit);
  const world = createDueWorld(lead);
  const chats = (number: string): boolean => habit === 'chat' || (habit === 'half chat' && Number(number) % 2 === 0);
  const customers = createCustomers({ count: CUSTOMERS, beginWithin: DAY / 4, chats, below });
  const ends = new Map<string, number>();
  let [messages, followed] = [0, 0];
  world.setNow(START);
  for (const now of customers.seconds(DAYS)) {
    world.setNow(now);
    for (const number of customers.writers(now)) {
      const end = now + DAY;
      const before = ends.get(number);
      // A new session enters the index; an open one moves when its end comes to another five minutes.
      if (before === undefined || before <= now) followed += 1;
      else if (Math.floor(before / BUCKET) !== Math.floor(end / BUCKET)) followed += 2;
      ends.set(number, end);
      await world.write(number);
      messages += 1;
    }
    await world.sweep();
    world.takePhases();
  }
  return { messages, followed, ...world.units() };
};

const restore = virtualize({ random: createRandom(1), fetch: () => Promise.reject(new Error('no provider is asked')) });
printRow('', 'lead', 'messages', 'units now', 'of them index', 'units before', 'ratio');
for (const habit of ['chat', 'half chat', 'few messages'] as const)
  for (const lead of [600, HOUR, 12 * HOUR]) {
    const { messages, writes, index, followed, moves, left } = await play(habit, lead);
    const now = (writes + index) / messages;
    // Before, no write moved an entry alone; a session that closes leaves the index in both.
    const before = (writes - moves + followed + left) / messages;
    printRow(
      habit,
      `${lead} s`,
      String(messages),
      now.toFixed(2),
      (index / messages).toFixed(2),
      before.toFixed(2),
      (now / before).toFixed(2),
    );
  }
restore();
