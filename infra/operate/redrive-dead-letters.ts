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

/** The number of letters by outcome. */
export interface RedriveCounts {
  readonly redriven: number;
  readonly failed: number;
  readonly expired: number;
}

type Outcome =
  | { readonly kind: 'redriven' | 'expired' }
  | { readonly kind: 'failed'; readonly reasons: readonly string[] };

interface ParsedLetter {
  readonly letter: DeadLetter;
  readonly position: StreamPosition | undefined;
}

const startOf = ({ position }: ParsedLetter): bigint => BigInt(position?.startSequenceNumber ?? 0);

/** Receives all letters of the queue, ordered by the sequence number at which they start. */
const receiveAll = async ({ receive }: DeadLetterQueue): Promise<readonly ParsedLetter[]> => {
  const parsed: ParsedLetter[] = [];
  for (let page = await receive(); page.length > 0; page = await receive())
    parsed.push(...page.map((letter) => ({ letter, position: parseStreamPosition(letter.body) })));
  return parsed.toSorted((one, other) => Number(startOf(one) - startOf(other)));
};

const redrive = async (
  { queue, reader, republish }: RedriveDeps,
  { letter, position }: ParsedLetter,
): Promise<Outcome> => {
  if (position === undefined) return { kind: 'failed', reasons: ['its body names no position in a stream'] };
  const records = await readRecords(reader, position);
  if (records === undefined) return { kind: 'expired' };
  const reasons = await republish(records);
  if (reasons.length > 0) return { kind: 'failed', reasons };
  await queue.remove(letter);
  return { kind: 'redriven' };
};

/** A letter whose records cannot be read, or that cannot be removed, has failed too. */
const outcomeOf = (deps: RedriveDeps, parsed: ParsedLetter): Promise<Outcome> =>
  redrive(deps, parsed).catch((fault: unknown) => ({ kind: 'failed', reasons: [describeFault(fault).error] }));

const nameOf = (position: StreamPosition | undefined): string => {
  if (position === undefined) return 'a message that is no dead letter of the stream';
  const { startSequenceNumber: start, endSequenceNumber: end, shardId } = position;
  const records = start === end ? `record ${start}` : `records ${start} to ${end}`;
  return shardId === undefined ? records : `${records} of ${shardId}`;
};

const report = (print: RedriveDeps['print'], outcome: Outcome, position: StreamPosition | undefined): void => {
  if (outcome.kind === 'expired') print(`expired: ${nameOf(position)}, no longer in the stream`);
  if (outcome.kind !== 'failed') return;
  print(`failed: ${nameOf(position)}`);
  for (const reason of outcome.reasons) print(`  ${reason}`);
};

/**
 * Republishes the records that each dead letter names, and removes the letter once all its records are published.
 * A letter that fails again, or whose records are no longer in the stream, is reported and stays in the queue.
 */
export const redriveDeadLetters = async (deps: RedriveDeps): Promise<RedriveCounts> => {
  const counts = { redriven: 0, failed: 0, expired: 0 };
  for (const parsed of await receiveAll(deps.queue)) {
    const outcome = await outcomeOf(deps, parsed);
    counts[outcome.kind] += 1;
    report(deps.print, outcome, parsed.position);
    // If this fails, the letter is visible again after its visibility timeout.
    if (outcome.kind !== 'redriven') await deps.queue.release(parsed.letter).catch(() => undefined);
  }
  return counts;
};
