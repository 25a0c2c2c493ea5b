import { describeFault } from '../../functions/shared/runtime/log.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue.ts';
import type { Republish } from './republish.ts';
import { parseStreamPosition, readRecords, type StreamPosition } from './stream-position.ts';
import type { StreamReader } from './stream-reader.ts';

export interface RedriveDeps {
  readonly queue: DeadLetterQueue;
  readonly reader: StreamReader;
  readonly republish: Republish;
  readonly print: (line: string) => void;
}

/** What became of the letters, in numbers. */
export interface Redriven {
  readonly redriven: number;
  readonly failed: number;
  readonly expired: number;
}

type Outcome =
  | { readonly kind: 'redriven' | 'expired' }
  | { readonly kind: 'failed'; readonly reasons: readonly string[] };

interface Opened {
  readonly letter: DeadLetter;
  readonly place: StreamPosition | undefined;
}

const startOf = ({ place }: Opened): bigint => BigInt(place?.startSequenceNumber ?? 0);

/** All letters that wait, in the order in which the table changed, as far as their numbers tell. */
const openAll = async ({ receive }: DeadLetterQueue): Promise<readonly Opened[]> => {
  const opened: Opened[] = [];
  for (let some = await receive(); some.length > 0; some = await receive())
    opened.push(...some.map((letter) => ({ letter, place: parseStreamPosition(letter.body) })));
  return opened.toSorted((one, other) => Number(startOf(one) - startOf(other)));
};

const redrive = async (
  { queue: letters, reader, republish: takeAgain }: RedriveDeps,
  { letter, place }: Opened,
): Promise<Outcome> => {
  if (place === undefined) return { kind: 'failed', reasons: ['it names no place in a stream'] };
  const records = await readRecords(reader, place);
  if (records === undefined) return { kind: 'expired' };
  const reasons = await takeAgain(records);
  if (reasons.length > 0) return { kind: 'failed', reasons };
  await letters.remove(letter);
  return { kind: 'redriven' };
};

/** A fault of reading or removing leaves the letter where it is, as one of its records does. */
const outcomeOf = (deps: RedriveDeps, opened: Opened): Promise<Outcome> =>
  redrive(deps, opened).catch((fault: unknown) => ({ kind: 'failed', reasons: [describeFault(fault).error] }));

const nameOf = (place: StreamPosition | undefined): string => {
  if (place === undefined) return 'a letter';
  const { startSequenceNumber: start, endSequenceNumber: end, shardId } = place;
  return `${start === end ? `record ${start}` : `records ${start} to ${end}`} of ${shardId}`;
};

const report = (say: RedriveDeps['print'], outcome: Outcome, place: StreamPosition | undefined): void => {
  if (outcome.kind === 'expired') say(`expired: ${nameOf(place)}, no longer in the stream`);
  if (outcome.kind !== 'failed') return;
  say(`failed: ${nameOf(place)}`);
  for (const reason of outcome.reasons) say(`  ${reason}`);
};

/**
 * Has the records that every dead letter names taken again, and removes the letter once all of them were. What fails again,
 * or is no longer in the stream, is reported and stays.
 */
export const redriveDeadLetters = async (deps: RedriveDeps): Promise<Redriven> => {
  const counts = { redriven: 0, failed: 0, expired: 0 };
  for (const opened of await openAll(deps.queue)) {
    const outcome = await outcomeOf(deps, opened);
    counts[outcome.kind] += 1;
    report(deps.print, outcome, opened.place);
    // Without this it shows again too, an hour later.
    if (outcome.kind !== 'redriven') await deps.queue.release(opened.letter).catch(() => undefined);
  }
  return counts;
};
