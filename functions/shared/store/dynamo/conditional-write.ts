import { setTimeout as pause } from 'node:timers/promises';
import { ConditionalCheckFailedException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

export type ConditionalWrite<T> =
  | { readonly ok: true; readonly output: T }
  /** The condition did not hold; `item` is what stood there, `undefined` when nothing did. */
  | { readonly ok: false; readonly item: unknown };

/** How often a write is repeated while others hold its items; what holds them lasts milliseconds. */
export const MAX_ATTEMPTS = 6;
const PAUSE_MS = 20;

/** Waits, with full jitter, longer after each attempt. */
export const backOff = (attempts: number): Promise<void> => pause(Math.random() * PAUSE_MS * 2 ** attempts);

/** Runs one conditional write: a failed condition is an answer, every other failure is thrown. */
export const writeConditionally = async <T>(write: () => Promise<T>): Promise<ConditionalWrite<T>> => {
  for (let tries = 1; ; tries += 1)
    try {
      return { ok: true, output: await write() };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        return { ok: false, item: error.Item === undefined ? undefined : unmarshall(error.Item) };
      if (!(error instanceof TransactionConflictException) || tries === MAX_ATTEMPTS) throw error;
      await backOff(tries);
    }
};

/** Asks DynamoDB to hand back what stood in the way, so that the loser needs no second read. */
export const RETURN_OLD_ITEM = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
