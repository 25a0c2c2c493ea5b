import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ProvisionedThroughputExceededException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
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
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError' | 'TransactionConflict' | 'ThrottlingError';
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

/** A transaction of so many operations, the first of which was not written for that reason. */
const cancelledFor = (operations: number, reason: Reason): TransactionCanceledException =>
  transactionCancelled(Array.from({ length: operations }, (_, index) => (index === 0 ? reason : { Code: 'None' })));

const ONGOING = 'Transaction is ongoing for the item';

/** Another transaction writes the item: the SDK does not repeat the write. */
export const conflicted = (): TransactionConflictException =>
  new TransactionConflictException({ message: ONGOING, $metadata: ONCE });

export const transactionConflicted = (operations: number): TransactionCanceledException =>
  cancelledFor(operations, { Code: 'TransactionConflict', Message: ONGOING });

const THROUGHPUT = 'Throughput exceeds the current capacity of your table or index.';

/** A throttled partition, after the SDK's last attempt. */
export const throughputExceeded = (attempts: number): ProvisionedThroughputExceededException =>
  new ProvisionedThroughputExceededException({ message: THROUGHPUT, $metadata: { attempts } });

/** A transaction that is throttled as a whole, after the SDK's last attempt. */
export const throttled = (attempts: number): ThrottlingException =>
  new ThrottlingException({ message: THROUGHPUT, $metadata: { attempts } });

/** A transaction that meets a throttled partition is cancelled: the SDK does not repeat it. */
export const transactionThrottled = (operations: number): TransactionCanceledException =>
  cancelledFor(operations, { Code: 'ThrottlingError', Message: THROUGHPUT });
