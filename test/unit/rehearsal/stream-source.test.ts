import { describe, expect, it } from 'vitest';
import type { StreamRecord } from '../../../functions/shared/store/changes.ts';
import { parseStreamPosition } from '../../../infra/operate/stream-position.ts';
import type { MappingOptions } from '../../rehearsal/lambda/mapping.ts';
import { createStreamSource } from '../../rehearsal/lambda/stream-source.ts';

const STREAM = 'arn:aws:dynamodb:eu-central-1:111122223333:table/sessions/stream/1';

const recordAt = (number: number): StreamRecord => ({ dynamodb: { SequenceNumber: String(number) } });

/** A stream of records whose function answers each batch of their numbers so: the number of one that failed, or `all`. */
const aStream = (numbers: readonly number[], answer: (batch: readonly number[]) => number | 'all' | undefined) => {
  const unread = numbers.map(recordAt);
  const letters: string[] = [];
  let nowMs = 0;
  const options = {
    now: () => nowMs,
    ledger: { authorize: () => true },
    queues: { byArn: () => ({ arn: 'queue', send: (body: string) => void letters.push(body) }) },
    functions: {
      roleOf: () => 'role',
      invoke: async (_: string, event: { readonly Records: readonly StreamRecord[] }) => {
        const failed = answer(event.Records.map(({ dynamodb }) => Number(dynamodb?.SequenceNumber)));
        if (failed === 'all') return { kind: 'failed', errorType: 'Error', report: '{}' };
        const batchItemFailures = failed === undefined ? [] : [{ itemIdentifier: String(failed) }];
        return { kind: 'answered', value: { batchItemFailures } };
      },
    },
  } as unknown as MappingOptions;
  const source = createStreamSource(
    options,
    { read: async () => unread.splice(0) },
    {
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: 'queue' } },
      EventSourceArn: STREAM,
      FunctionName: 'function',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 60,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      StartingPosition: 'TRIM_HORIZON',
    },
  );
  return {
    pump: source.pump,
    batches: () => source.attempts().map((batch) => batch.map(Number)),
    letters,
    pass: (seconds: number) => {
      nowMs += seconds * 1_000;
    },
    arrive: (number: number) => void unread.push(recordAt(number)),
  };
};

describe('the stream of the table in a rehearsal', () => {
  it('passes a batch on as a whole', async () => {
    const { pump, batches } = aStream([1, 2, 3], () => undefined);

    expect([await pump(), await pump()]).toEqual([3, 0]);
    expect(batches()).toEqual([[1, 2, 3]]);
  });

  it('goes on from the record that the function reports', async () => {
    let reports = 0;
    const { pump, batches } = aStream([1, 2, 3], () => (reports++ === 0 ? 2 : undefined));

    expect(await pump()).toBe(3);
    expect(batches()).toEqual([
      [1, 2, 3],
      [2, 3],
    ]);
  });

  it('halves a batch that fails as a whole, until the record that fails is alone and blocks', async () => {
    const { pump, batches } = aStream([1, 2, 3, 4, 5], (batch) => (batch.includes(3) ? 'all' : undefined));

    expect([await pump(), await pump()]).toEqual([2, 0]);
    expect(batches()).toEqual([[1, 2, 3, 4, 5], [1, 2], [3, 4, 5], [3], [3]]);
  });

  it('goes on with what waited once the record no longer fails', async () => {
    let isRepaired = false;
    const { pump, batches } = aStream([1, 2, 3], (batch) => (batch.includes(1) && !isRepaired ? 'all' : undefined));
    await pump();
    isRepaired = true;

    expect(await pump()).toBe(3);
    expect(batches()).toEqual([[1, 2, 3], [1], [1], [2, 3]]);
  });

  it('sends the position of a record that is too old to the destination, and goes on with younger ones', async () => {
    const { pump, batches, letters, pass, arrive } = aStream([1], (batch) => (batch.includes(1) ? 'all' : undefined));
    await pump();
    pass(50);
    arrive(2);
    await pump();
    pass(20);

    expect(await pump()).toBe(2);
    expect(batches().at(-1)).toEqual([2]);
    expect(letters.map(parseStreamPosition)).toEqual([
      expect.objectContaining({ streamArn: STREAM, startSequenceNumber: '1', endSequenceNumber: '1', batchSize: 1 }),
    ]);
  });
});
