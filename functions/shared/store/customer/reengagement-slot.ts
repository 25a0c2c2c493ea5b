import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { ITEM_EXISTS } from '../dynamo/conditions.ts';
import { transact } from '../dynamo/transaction.ts';
import type { CustomerItem } from '../items.ts';
import { customerKey, type ItemKey } from '../keys.ts';

type Slot = Pick<CustomerItem, 'slotUsedAt' | 'slotHolders'>;

const NEVER_USED = 'attribute_not_exists(slotUsedAt)';
const USED_AT_SAME_TIME = 'slotUsedAt = :slotUsedAt';
const NO_HOLDERS = 'attribute_not_exists(slotHolders)';
const SAME_HOLDERS = 'slotHolders = :slotHolders';

/** Holds while the re-engagement slot of a customer record is what was read. */
export const slotUnchanged = ({ slotUsedAt, slotHolders }: Slot) => {
  if (slotUsedAt === undefined) return { ConditionExpression: NEVER_USED, ExpressionAttributeValues: undefined };
  return slotHolders.size === 0
    ? {
        ConditionExpression: `${USED_AT_SAME_TIME} AND ${NO_HOLDERS}`,
        ExpressionAttributeValues: { ':slotUsedAt': slotUsedAt },
      }
    : {
        ConditionExpression: `${USED_AT_SAME_TIME} AND ${SAME_HOLDERS}`,
        ExpressionAttributeValues: { ':slotUsedAt': slotUsedAt, ':slotHolders': slotHolders },
      };
};

/** Holds while no other session of the customer has opened: the slot belongs to the ended one (R8). */
export const lastOpenedIs = (lastOpenedAt: number | undefined) => ({
  expression: lastOpenedAt === undefined ? 'attribute_not_exists(lastOpenedAt)' : 'lastOpenedAt = :lastOpenedAt',
  values: lastOpenedAt === undefined ? {} : { ':lastOpenedAt': lastOpenedAt },
});

/** A message that took the slot, on the decision in its record. */
export interface SlotHolder {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly key: ItemKey;
  readonly messageId: string;
}

/** Releases the slot that the message holds; others that hold it are unaffected, and an erased customer stays erased. */
export const releaseOperation = ({ tableName }: Table, { channel, customer, messageId }: SlotHolder) => ({
  Update: {
    TableName: tableName,
    Key: { ...customerKey(channel, customer) },
    UpdateExpression: 'DELETE slotHolders :holder',
    ...ITEM_EXISTS,
    ExpressionAttributeValues: { ':holder': new Set([messageId]) },
  },
});

/** Holds while the status of the message is, or is not, `failed`. */
const checkFailed = ({ tableName }: Table, { key }: SlotHolder, comparison: '=' | '<>') => ({
  ConditionCheck: {
    TableName: tableName,
    Key: { ...key },
    ConditionExpression: `attribute_exists(pk) AND #status ${comparison} :failed`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':failed': 'failed' },
  },
});

/** Releases the slot of a failed message (R8), unless a later status shows that it was sent. Idempotent. */
export const releaseSlot = async (table: Table, holder: SlotHolder): Promise<void> => {
  await transact(table, [checkFailed(table, holder, '='), releaseOperation(table, holder)]);
};

/**
 * Makes a message that reached the customer after all a holder again, where the slot that it took at `takenAt` is still the
 * slot of the same ended session: no message of the customer has opened another since (R8). Idempotent.
 */
export const restoreSlot = async (table: Table, holder: SlotHolder, takenAt: number): Promise<void> => {
  await transact(table, [
    checkFailed(table, holder, '<>'),
    {
      Update: {
        TableName: table.tableName,
        Key: { ...customerKey(holder.channel, holder.customer) },
        UpdateExpression: 'ADD slotHolders :holder',
        ConditionExpression:
          'attribute_exists(slotUsedAt) AND (attribute_not_exists(lastOpenedAt) OR lastOpenedAt < :takenAt)',
        ExpressionAttributeValues: { ':holder': new Set([holder.messageId]), ':takenAt': takenAt },
      },
    },
  ]);
};
