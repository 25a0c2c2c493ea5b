import { setTimeout as pause } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Table } from './client.ts';

type Operation = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export type Transaction =
  | { readonly ok: true }
  /** Conditions that did not hold, by the place of their operation, with the item that stood there. */
  | { readonly ok: false; readonly failed: ReadonlyMap<number, unknown> };

/** How often a transaction starts over while others write the same items. */
const MAX_ATTEMPTS = 6;
const PAUSE_MS = 20;

const failedConditions = (error: TransactionCanceledException): ReadonlyMap<number, unknown> =>
  new Map(
    (error.CancellationReasons ?? []).flatMap(({ Code, Item }, index) =>
      Code === 'ConditionalCheckFailed' ? [[index, Item === undefined ? undefined : unmarshall(Item)]] : [],
    ),
  );

const isConflict = (error: TransactionCanceledException): boolean =>
  (error.CancellationReasons ?? []).some(({ Code }) => Code === 'TransactionConflict');

/** Writes all or nothing; a failed condition is an answer, a conflict with other writers is tried again. */
export const transact = async ({ documents }: Table, operations: readonly Operation[]): Promise<Transaction> => {
  for (let attempt = 1; ; attempt += 1)
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: [...operations] }));
      return { ok: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const failed = failedConditions(error);
      if (failed.size > 0) return { ok: false, failed };
      if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error;
      await pause(Math.random() * PAUSE_MS * 2 ** attempt);
    }
};
