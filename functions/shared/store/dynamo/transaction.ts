import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ItemKey } from '../keys.ts';
import type { Table } from './client.ts';
import { ITEM_ABSENT, ITEM_EXISTS, RETURN_OLD_ITEM } from './conditions.ts';
import { BLOCKED_ITEMS, Contended, retryUnderContention } from './contention.ts';

export type Operation = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export type Transaction =
  | { readonly ok: true }
  /** The operations whose conditions did not hold. */
  | {
      readonly ok: false;
      /** By index, with the stored item where the operation asks for it. */
      readonly failed: ReadonlyMap<number, unknown>;
    };

const failedConditions = (error: TransactionCanceledException): ReadonlyMap<number, unknown> =>
  new Map(
    (error.CancellationReasons ?? []).flatMap(({ Code, Item }, index) =>
      Code === 'ConditionalCheckFailed' ? [[index, Item === undefined ? undefined : unmarshall(Item)]] : [],
    ),
  );

/** A transaction cancelled for one of these has written nothing and may succeed when it is repeated. */
const TRANSIENT = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

const isTransient = (error: TransactionCanceledException): boolean =>
  (error.CancellationReasons ?? []).some(({ Code }) => Code !== undefined && TRANSIENT.has(Code));

/** Writes all or nothing; a failed condition is an outcome, a conflict with other writers or a throttle is repeated. */
export const transact = ({ documents }: Table, operations: readonly Operation[]): Promise<Transaction> =>
  retryUnderContention<Transaction>(BLOCKED_ITEMS, async () => {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: [...operations] }));
      return { ok: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const failed = failedConditions(error);
      if (failed.size > 0) return { ok: false, failed };
      if (isTransient(error)) return new Contended(error);
      throw error;
    }
  });

/** Holds while an item is stored under the key. */
export const itemExists = ({ tableName }: Table, key: ItemKey) => ({
  ConditionCheck: { TableName: tableName, Key: { ...key }, ...ITEM_EXISTS },
});

/** Holds while no item is stored under the key. */
export const itemAbsent = ({ tableName }: Table, key: ItemKey) => ({
  ConditionCheck: { TableName: tableName, Key: { ...key }, ...ITEM_ABSENT },
});

/** Puts an item where none is stored; a failure returns the stored one. */
export const putAbsent = ({ tableName }: Table, item: object) => ({
  Put: { TableName: tableName, Item: { ...item }, ...ITEM_ABSENT, ...RETURN_OLD_ITEM },
});

export interface Condition {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Conditional {
  ConditionExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

/** DynamoDB accepts no empty map of values. */
const both = <T extends Conditional>(write: T, { expression, names, values }: Condition): T => {
  const all = { ...write.ExpressionAttributeValues, ...values };
  return {
    ...write,
    ConditionExpression: `(${write.ConditionExpression ?? ''}) AND ${expression}`,
    ExpressionAttributeNames: { ...write.ExpressionAttributeNames, ...names },
    ExpressionAttributeValues: Object.keys(all).length === 0 ? undefined : all,
  };
};

/** Adds a condition to an update or a check that has one. */
export const withCondition = ({ Update, ConditionCheck, ...others }: Operation, condition: Condition): Operation => ({
  ...others,
  ...(Update === undefined ? {} : { Update: both(Update, condition) }),
  ...(ConditionCheck === undefined ? {} : { ConditionCheck: both(ConditionCheck, condition) }),
});
