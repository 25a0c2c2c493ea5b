import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './values.ts';

const ONCE = { attempts: 1 };

/** A request that DynamoDB never accepts. */
export const invalid = (message: string): DynamoDBServiceException =>
  new DynamoDBServiceException({ name: 'ValidationException', message, $fault: 'client', $metadata: ONCE });

const OF_ITEM = new WeakSet<object>();

/** An update that the stored item does not allow: within a transaction a reason of its cancellation. */
export const invalidForItem = (message: string): DynamoDBServiceException => {
  const fault = invalid(message);
  OF_ITEM.add(fault);
  return fault;
};

export const isInvalidForItem = (fault: unknown): fault is Error => fault instanceof Error && OF_ITEM.has(fault);

/** Why one operation of a transaction was not written. */
export interface Reason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: Item;
}

export const conditionFailed = (item: Item | undefined): ConditionalCheckFailedException =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: ONCE,
    ...(item === undefined ? {} : { Item: { ...item } }),
  });

export const transactionCancelled = (reasons: readonly Reason[]): TransactionCanceledException =>
  new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    $metadata: ONCE,
    CancellationReasons: reasons.map(({ Item, ...reason }) => ({
      ...reason,
      ...(Item === undefined ? {} : { Item: { ...Item } }),
    })),
  });
