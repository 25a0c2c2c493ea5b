import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

export type Attempt<T> =
  | { readonly ok: true; readonly output: T }
  /** The condition did not hold; `item` is what stood there, `undefined` when nothing did. */
  | { readonly ok: false; readonly item: unknown };

/** Runs one conditional write: a failed condition is an answer, every other failure is thrown. */
export const attempt = async <T>(write: Promise<T>): Promise<Attempt<T>> => {
  try {
    return { ok: true, output: await write };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { ok: false, item: error.Item === undefined ? undefined : unmarshall(error.Item) };
  }
};

/** Asks DynamoDB to hand back what stood in the way, so that the loser needs no second read. */
export const SHOW_OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
