import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import type { CustomerItem } from '../items.ts';
import { customerKey } from '../keys.ts';

type Slot = Pick<CustomerItem, 'slotUsedAt' | 'slotHolders'>;

const NEVER_TAKEN = 'attribute_not_exists(slotUsedAt)';
const STILL_TAKEN_THEN = 'slotUsedAt = :slotUsedAt';
const NOBODY_HOLDS_IT = 'attribute_not_exists(slotHolders)';
const SAME_HOLDERS = 'slotHolders = :slotHolders';

/** The condition that the re-engagement slot of a customer record is still what was read. */
export const slotUnchanged = ({ slotUsedAt, slotHolders }: Slot) => {
  if (slotUsedAt === undefined) return { ConditionExpression: NEVER_TAKEN, ExpressionAttributeValues: undefined };
  return slotHolders.size === 0
    ? {
        ConditionExpression: `${STILL_TAKEN_THEN} AND ${NOBODY_HOLDS_IT}`,
        ExpressionAttributeValues: { ':slotUsedAt': slotUsedAt },
      }
    : {
        ConditionExpression: `${STILL_TAKEN_THEN} AND ${SAME_HOLDERS}`,
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

/** One conditional write; where it does not hold, there is nothing to change. */
const changeHolders = async (
  { documents, tableName }: Table,
  { channel, customer, messageId }: SlotHolder,
  { ExpressionAttributeValues, ...change }: HolderChange,
): Promise<void> => {
  await writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: customerKey(channel, customer),
        ...change,
        ExpressionAttributeValues: { ':holder': new Set([messageId]), ...ExpressionAttributeValues },
      }),
    ),
  );
};

/** Gives the slot back: the message no longer holds it (R8). Harmless to repeat, and to others who hold it since. */
export const releaseSlot = (table: Table, holder: SlotHolder): Promise<void> =>
  changeHolders(table, holder, {
    UpdateExpression: 'DELETE slotHolders :holder',
    ConditionExpression: 'contains(slotHolders, :id)',
    ExpressionAttributeValues: { ':id': holder.messageId },
  });

/** Takes the slot back for a message that was sent after all; the time at which it was taken stays. Harmless to repeat. */
export const restoreSlot = (table: Table, holder: SlotHolder): Promise<void> =>
  changeHolders(table, holder, {
    UpdateExpression: 'ADD slotHolders :holder',
    ConditionExpression: 'attribute_exists(slotUsedAt)',
    ExpressionAttributeValues: {},
  });
