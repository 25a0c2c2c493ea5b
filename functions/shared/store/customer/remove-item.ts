import type { DeleteCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { deleteConditionally, updateConditionally } from '../dynamo/conditional-write.ts';
import { ITEM_EXISTS, RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { itemAbsent, transact } from '../dynamo/transaction.ts';
import { SendItem } from '../items.ts';
import {
  customerKeyBeside,
  type ItemKey,
  type ItemKind,
  kindOf,
  messageNameOf,
  pointerKey,
  referenceKey,
  secondOf,
  sendKey,
} from '../keys.ts';

/** An item of a customer's partition as far as its removal depends on it. */
export const RemovableItem = z.object({
  pk: z.string(),
  sk: z.string(),
  direction: z.string().optional(),
  providerMessageId: z.string().optional(),
  pointedFrom: z.string().optional(),
  clientReference: z.string().optional(),
  window: z.looseObject({ sessionId: z.string().optional() }).optional(),
  countedAt: z.int().optional(),
  unplaced: z.object({ pk: z.string(), sk: z.string() }).optional(),
});
export type RemovableItem = z.infer<typeof RemovableItem>;

/** The customer's own second is absent or before that of the message. */
const isOlder = (name: string) => `(attribute_not_exists(${name}) OR ${name} < :second)`;

type Condition = Pick<DeleteCommandInput, 'ConditionExpression'>;

/** Deletes an item while a condition holds, and returns it where DynamoDB does. */
const deleteIf = async (
  table: Table,
  key: ItemKey,
  condition: Condition,
): Promise<{ readonly isRemoved: boolean; readonly item: unknown }> => {
  const removed = await deleteConditionally(table, key, { ...condition, ...RETURN_OLD_ITEM, ReturnValues: 'ALL_OLD' });
  if (removed.ok) return { isRemoved: true, item: removed.output.Attributes };
  // Where the SDK repeated the request and nothing is stored any more, the first one removed it.
  return { isRemoved: removed.wasRepeated && removed.item === undefined, item: undefined };
};

/**
 * Leaves of a claim that its id was used, so that the same Idempotency-Key sends nothing again (R11): nothing in it names the
 * customer, and it ends when the key does. A message to another customer may use the id by now, whose claim stays as it is.
 */
const eraseClaim = async (table: Table, id: string, { pk }: RemovableItem): Promise<boolean> => {
  const erased = await updateConditionally(table, sendKey(id), {
    UpdateExpression: 'SET erased = :true REMOVE requestHash, messagePk, messageSk',
    ConditionExpression: 'messagePk = :pk',
    ExpressionAttributeValues: { ':true': true, ':pk': pk },
    ...RETURN_OLD_ITEM,
  });
  const stored = erased.ok ? undefined : SendItem.safeParse(erased.item).data;
  // Where the SDK repeated the request, the first one may have erased it.
  return erased.ok || (erased.wasRepeated && stored !== undefined && 'erased' in stored);
};

/** The claim of a message leads to its record, the provider's id and the caller's reference to the claim: only the message leads to all. */
const removeMessage = async (table: Table, item: RemovableItem): Promise<readonly ItemKind[]> => {
  const { channel, id } = messageNameOf(item);
  const removePointer = async (to: RemovableItem | undefined) => {
    const from = to?.pointedFrom ?? to?.providerMessageId;
    if (from !== undefined) await deleteIf(table, pointerKey(channel, from), {});
  };
  const removeReference = async (to: RemovableItem | undefined) => {
    if (to?.clientReference === undefined) return;
    await deleteIf(table, referenceKey({ channel, clientReference: to.clientReference, id }), {});
  };
  await removePointer(item);
  await removeReference(item);
  const hadClaim = await eraseClaim(table, id, item);
  const removed = await deleteIf(table, item, ITEM_EXISTS);
  const last = RemovableItem.optional().parse(removed.item);
  // A send that was under way while the page was read.
  if (last?.providerMessageId !== item.providerMessageId) await removePointer(last);
  if (last?.clientReference !== item.clientReference) await removeReference(last);
  return [...(hadClaim ? [kindOf('SEND')] : []), ...(removed.isRemoved ? [kindOf(item.sk)] : [])];
};

/** Holds while no customer is stored who knows of a message of that second, by its session or as one from the future. */
const messageUnknown = ({ tableName }: Table, item: RemovableItem, second: number) => ({
  ConditionCheck: {
    TableName: tableName,
    Key: { ...customerKeyBeside(item) },
    ConditionExpression: `attribute_not_exists(movedTo) AND ${isOlder('lastOpenedAt')} AND ${isOlder('skewedUntil')}`,
    ExpressionAttributeValues: { ':second': second },
  },
});

/**
 * Removes an item, and what only it leads to, while no customer is stored under its name: that of one who has come back stays.
 * So does a message that has a window, unless the customer is one who has only been linked since.
 */
export const removeWithoutCustomer = async (table: Table, item: RemovableItem): Promise<readonly ItemKind[]> => {
  const { tableName: TableName } = table;
  const second = item.window === undefined ? undefined : (item.countedAt ?? secondOf(item.sk));
  const removed = await transact(table, [
    second === undefined ? itemAbsent(table, customerKeyBeside(item)) : messageUnknown(table, item, second),
    { Delete: { TableName, Key: { pk: item.pk, sk: item.sk }, ...ITEM_EXISTS } },
    ...(item.unplaced === undefined ? [] : [{ Delete: { TableName, Key: item.unplaced } }]),
  ]);
  return removed.ok ? [kindOf(item.sk)] : [];
};

/** Removes an item, and what only it leads to; returns the kinds. */
export const removeItem = async (table: Table, item: RemovableItem): Promise<readonly ItemKind[]> => {
  if (item.direction === 'outbound') return removeMessage(table, item);
  if (item.unplaced !== undefined) await deleteIf(table, item.unplaced, {});
  return (await deleteIf(table, item, ITEM_EXISTS)).isRemoved ? [kindOf(item.sk)] : [];
};
