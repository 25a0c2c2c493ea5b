import { type ChangeStreamOptions, createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { describeFault, type Log } from '../../functions/shared/runtime/log.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';

/** Resolves with no failures when all records were published, otherwise with the ids, error name and stack frame of each (R16). */
export type Republish = (records: readonly StreamRecord[]) => Promise<readonly string[]>;

const ignore = (): void => undefined;

/** A log that passes errors on and ignores everything else. */
const failureLog = (onFailure: (failure: string) => void): Log => ({
  begin: ignore,
  info: ignore,
  warn: ignore,
  error: (_, fields, fault) => {
    const { error, at } = describeFault(fault);
    const ids = Object.entries<unknown>(fields).map(([name, id]) => `${name} ${String(id)}`);
    onFailure([...ids, error, ...at.filter((frame) => frame.includes('/functions/')).slice(0, 1)].join(' '));
  },
  count: ignore,
  gauge: ignore,
  end: ignore,
});

/** Passes records to the handler of change-stream, as Lambda does. */
export const createRepublish = (options: Omit<ChangeStreamOptions, 'log'>): Republish => {
  const failures: string[] = [];
  const handler = createChangeStream({ ...options, log: failureLog((failure) => failures.push(failure)) });
  return async (records) => {
    failures.length = 0;
    const isPublished = await handler({ Records: records }).then(
      ({ batchItemFailures }) => batchItemFailures.length === 0,
      () => false,
    );
    return isPublished ? [] : failures.toSorted();
  };
};
