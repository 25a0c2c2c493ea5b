import { releaseOperation, type SlotHolder } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { transact } from '../dynamo/transaction.ts';
import { type StatusUpdate, statusUpdate, updateStatus } from './update-status.ts';

/** Records a failure and releases the slot, both or neither: a crash never leaves a failed message with the slot (R8). */
export const failAndRelease = async (table: Table, holder: SlotHolder, update: StatusUpdate): Promise<void> => {
  const { key } = holder;
  const failed = await transact(table, [
    { Update: { TableName: table.tableName, Key: { ...key }, ...statusUpdate(key, update) } },
    releaseOperation(table, holder),
  ]);
  // Without a customer record there is no slot to release.
  if (!failed.ok && !failed.failed.has(0)) await updateStatus(table, key, update);
};
