import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import type { CustomerItem } from '../items.ts';
import { customerKey } from '../keys.ts';

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

/** Makes a message that was sent after all a holder again, without a change of the time of use. Idempotent. */
export const restoreSlot = (table: Table, holder: SlotHolder): Promise<void> =>
  changeHolders(table, holder, {
    UpdateExpression: 'ADD slotHolders :holder',
    ConditionExpression: 'attribute_exists(slotUsedAt)',
    ExpressionAttributeValues: {},
  });
