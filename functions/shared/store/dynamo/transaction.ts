import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from '../keys.ts';
import type { Table } from './client.ts';
import { backOff, MAX_ATTEMPTS } from './conditional-write.ts';

type Operation = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export type Transaction =
  | { readonly ok: true }
  /** The places of the operations whose conditions did not hold. */
  | { readonly ok: false; readonly failed: ReadonlySet<number> };

const failedConditions = (error: TransactionCanceledException): ReadonlySet<number> =>
  new Set(
    (error.CancellationReasons ?? []).flatMap(({ Code }, index) => (Code === 'ConditionalCheckFailed' ? [index] : [])),
  );

/** Reasons that pass; a cancelled transaction has written nothing. */
const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

const isPassing = (error: TransactionCanceledException): boolean =>
  (error.CancellationReasons ?? []).some(({ Code }) => Code !== undefined && PASSING.has(Code));

/** Writes all or nothing; a failed condition is an answer, a conflict with other writers or a throttle is tried again. */
export const transact = async ({ documents }: Table, operations: readonly Operation[]): Promise<Transaction> => {
  for (let attempt = 1; ; attempt += 1)
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: [...operations] }));
      return { ok: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const failed = failedConditions(error);
      if (failed.size > 0) return { ok: false, failed };
      if (!isPassing(error) || attempt === MAX_ATTEMPTS) throw error;
      await backOff(attempt);
    }
};

/** Holds while an item is there. */
export const itemExists = ({ tableName }: Table, key: ItemKey) => ({
  ConditionCheck: { TableName: tableName, Key: { ...key }, ConditionExpression: 'attribute_exists(pk)' },
});
