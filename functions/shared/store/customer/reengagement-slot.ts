import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { type Operation, transact } from '../dynamo/transaction.ts';
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

export interface SlotHolder {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly messageId: string;
}

type HolderChange = Required<
  Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'>
>;

/** Changes the holders in one conditional write; where the condition fails, there is nothing to change. */
const changeHolders = async (
  table: Table,
  { channel, customer, messageId }: SlotHolder,
  { ExpressionAttributeValues, ...change }: HolderChange,
): Promise<void> => {
  await updateConditionally(table, customerKey(channel, customer), {
    ...change,
    ExpressionAttributeValues: { ':holder': new Set([messageId]), ...ExpressionAttributeValues },
  });
};

/** Releases the slot that the message holds (R8). Idempotent; other holders are unaffected. */
export const releaseSlot = (table: Table, holder: SlotHolder): Promise<void> =>
  changeHolders(table, holder, {
    UpdateExpression: 'DELETE slotHolders :holder',
    ConditionExpression: 'contains(slotHolders, :id)',
    ExpressionAttributeValues: { ':id': holder.messageId },
  });

/** A holder whose status a provider has just reported. */
export interface ReportedHolder extends SlotHolder {
  /** The record of the message. */
  readonly message: ItemKey;
}

const messageStatus = ({ tableName }: Table, message: ItemKey, comparison: '=' | '<>'): Operation => ({
  ConditionCheck: {
    TableName: tableName,
    Key: { ...message },
    ConditionExpression: `#status ${comparison} :failed`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':failed': 'failed' },
  },
});

/** Releases the slot of a message that failed, unless a proof of its delivery came in between (R13). Idempotent. */
export const releaseFailedSlot = async (table: Table, holder: ReportedHolder): Promise<void> => {
  const { channel, customer, messageId, message } = holder;
  await transact(table, [
    messageStatus(table, message, '='),
    {
      Update: {
        TableName: table.tableName,
        Key: { ...customerKey(channel, customer) },
        UpdateExpression: 'DELETE slotHolders :holder',
        ConditionExpression: 'contains(slotHolders, :id)',
        ExpressionAttributeValues: { ':holder': new Set([messageId]), ':id': messageId },
      },
    },
  ]);
};

/**
 * Makes a message that reached the customer after all a holder again, where the slot that it took at `takenAt` is still the
 * slot of the same ended session: no message of the customer has opened another since (R8). Idempotent.
 */
export const restoreSlot = async (table: Table, holder: ReportedHolder, takenAt: number): Promise<void> => {
  const { channel, customer, messageId, message } = holder;
  await transact(table, [
    messageStatus(table, message, '<>'),
    {
      Update: {
        TableName: table.tableName,
        Key: { ...customerKey(channel, customer) },
        UpdateExpression: 'ADD slotHolders :holder',
        ConditionExpression: `attribute_exists(slotUsedAt) AND (attribute_not_exists(lastOpenedAt) OR lastOpenedAt < :takenAt)`,
        ExpressionAttributeValues: { ':holder': new Set([messageId]), ':takenAt': takenAt },
      },
    },
  ]);
};
