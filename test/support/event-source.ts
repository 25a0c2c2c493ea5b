import type { BatchResponse } from '../../functions/shared/runtime/batch-response.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';

export interface EventSourceOptions {
  readonly batchSize: number;
  readonly maxAgeSeconds: number;
  /** Called before each delivery with the seconds since the records were written. */
  readonly onTick?: (seconds: number) => void;
}

/** The longest pause of Lambda between two deliveries of a batch, in seconds. */
const RETRY_SECONDS = 60;

/**
 * An event source mapping on one shard: one batch at a time, without a limit of attempts, from the first failure on, in
 * halves when the whole batch fails. Records that have grown too old go to `expired`, its on-failure destination.
 */
export const anEventSource = (
  invoke: (...records: StreamRecord[]) => Promise<BatchResponse>,
  { batchSize, maxAgeSeconds, onTick = () => undefined }: EventSourceOptions,
) => {
  const expired: StreamRecord[] = [];
  let seconds = 0;
  const deliver = async (records: readonly StreamRecord[]): Promise<void> => {
    let rest = records;
    while (rest.length > 0) {
      if (seconds > maxAgeSeconds) return void expired.push(...rest);
      onTick(seconds);
      const answer = await invoke(...rest).catch(() => undefined);
      const failed = answer?.batchItemFailures[0]?.itemIdentifier;
      if (answer !== undefined && failed === undefined) return;
      seconds += RETRY_SECONDS;
      if (answer === undefined) {
        const half = Math.ceil(rest.length / 2);
        await deliver(rest.slice(0, half));
        rest = rest.slice(half);
      } else rest = rest.slice(rest.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failed));
    }
  };
  return {
    expired,
    seconds: () => seconds,
    run: async (records: readonly StreamRecord[]): Promise<void> => {
      for (let from = 0; from < records.length; from += batchSize) await deliver(records.slice(from, from + batchSize));
    },
  };
};
