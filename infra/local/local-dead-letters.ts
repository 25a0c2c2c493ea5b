import { randomUUID } from 'node:crypto';
import type { DeadLetters } from '../../functions/shared/runtime/dead-letters.ts';
import type { DeadLetter, DeadLetterQueue } from '../operate/dead-letter-queue.ts';

/** A dead-letter queue in memory, for the function that fills it and the redrive that empties it. */
export const createLocalDeadLetters = (): DeadLetters & DeadLetterQueue => {
  const visible = new Map<string, DeadLetter>();
  const put = (letter: DeadLetter) => void visible.set(letter.receipt, letter);
  return {
    send: async (body) => put({ receipt: randomUUID(), body }),
    receive: async () => {
      const received = [...visible.values()];
      visible.clear();
      return received;
    },
    remove: async () => undefined,
    release: async (letter) => put(letter),
  };
};
