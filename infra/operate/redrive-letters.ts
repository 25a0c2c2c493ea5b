import { describeFault } from '../../functions/shared/runtime/log.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import { placeOf, readPlace, type StreamPlace } from './stream-place.ts';
import type { StreamReader } from './stream-reader.ts';
import type { TakeAgain } from './take-again.ts';

export interface RedriveDeps {
  readonly letters: DeadLetters;
  readonly reader: StreamReader;
  readonly takeAgain: TakeAgain;
  readonly say: (line: string) => void;
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
  readonly place: StreamPlace | undefined;
}

const startOf = ({ place }: Opened): bigint => BigInt(place?.startSequenceNumber ?? 0);

/** All letters that wait, in the order in which the table changed, as far as their numbers tell. */
const openAll = async ({ receive }: DeadLetters): Promise<readonly Opened[]> => {
  const opened: Opened[] = [];
  for (let some = await receive(); some.length > 0; some = await receive())
    opened.push(...some.map((letter) => ({ letter, place: placeOf(letter.body) })));
  return opened.toSorted((one, other) => Number(startOf(one) - startOf(other)));
};

const redrive = async ({ letters, reader, takeAgain }: RedriveDeps, { letter, place }: Opened): Promise<Outcome> => {
  if (place === undefined) return { kind: 'failed', reasons: ['it names no place in a stream'] };
  const records = await readPlace(reader, place);
  if (records === undefined) return { kind: 'expired' };
  const reasons = await takeAgain(records);
  if (reasons.length > 0) return { kind: 'failed', reasons };
  await letters.remove(letter);
  return { kind: 'redriven' };
};

/** A fault of reading or removing leaves the letter where it is, as one of its records does. */
const outcomeOf = (deps: RedriveDeps, opened: Opened): Promise<Outcome> =>
  redrive(deps, opened).catch((fault: unknown) => ({ kind: 'failed', reasons: [describeFault(fault).error] }));

const nameOf = (place: StreamPlace | undefined): string => {
  if (place === undefined) return 'a letter';
  const { startSequenceNumber: start, endSequenceNumber: end, shardId } = place;
  return `${start === end ? `record ${start}` : `records ${start} to ${end}`} of ${shardId}`;
};

const report = (say: RedriveDeps['say'], outcome: Outcome, place: StreamPlace | undefined): void => {
  if (outcome.kind === 'expired') say(`expired: ${nameOf(place)}, no longer in the stream`);
  if (outcome.kind !== 'failed') return;
  say(`failed: ${nameOf(place)}`);
  for (const reason of outcome.reasons) say(`  ${reason}`);
};

/**
 * Has the records that every dead letter names taken again, and removes the letter once all of them were. What fails again,
 * or is no longer in the stream, is reported and stays.
 */
export const redriveLetters = async (deps: RedriveDeps): Promise<Redriven> => {
  const counts = { redriven: 0, failed: 0, expired: 0 };
  for (const opened of await openAll(deps.letters)) {
    const outcome = await outcomeOf(deps, opened);
    counts[outcome.kind] += 1;
    report(deps.say, outcome, opened.place);
    // Without this it shows again too, an hour later.
    if (outcome.kind !== 'redriven') await deps.letters.leave(opened.letter).catch(() => undefined);
  }
  return counts;
};
