import { releaseWith, type SlotHolder } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { type StatusUpdate, statusUpdate, updateStatus } from './update-status.ts';

/** Records a failure and releases the slot, both or neither: a crash never leaves a failed message with the slot (R8). */
export const failAndRelease = async (table: Table, holder: SlotHolder, update: StatusUpdate): Promise<void> => {
  const { key } = holder;
  const failure = { Update: { TableName: table.tableName, Key: { ...key }, ...statusUpdate(key, update) } };
  const { written } = await releaseWith(table, holder, failure);
  if (written === 'no_slot') await updateStatus(table, key, update);
};
