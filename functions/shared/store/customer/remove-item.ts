import { DeleteCommand, type DeleteCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { ITEM_EXISTS } from '../dynamo/conditions.ts';
import { type ItemKey, type ItemKind, kindOf, messageNameOf, sendKey } from '../keys.ts';
import { removePointer } from '../message/message-pointer.ts';

/** An item of a customer's partition as far as its removal depends on it. */
export const RemovableItem = z.object({
  pk: z.string(),
  sk: z.string(),
  direction: z.string().optional(),
  providerMessageId: z.string().optional(),
});
export type RemovableItem = z.infer<typeof RemovableItem>;

type Condition = Pick<DeleteCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

/** Holds while the claim leads to this partition: a message to another customer may use its id by now. */
const leadsTo = (pk: string): Condition => ({
  ConditionExpression: 'messagePk = :pk',
  ExpressionAttributeValues: { ':pk': pk },
});

/** Deletes an item while a condition holds; the item comes back, `undefined` when nothing was deleted. */
const deleteIf = async (
  { documents, tableName }: Table,
  { pk, sk }: ItemKey,
  condition: Condition,
): Promise<unknown> => {
  const remove = new DeleteCommand({ TableName: tableName, Key: { pk, sk }, ...condition, ReturnValues: 'ALL_OLD' });
  const removed = await writeConditionally(() => documents.send(remove));
  return removed.ok ? removed.output.Attributes : undefined;
};

/** The claim of a message leads to its record, and the provider's id to the claim: only the message leads to both. */
const removeMessage = async (table: Table, item: RemovableItem): Promise<readonly ItemKind[]> => {
  const { channel, id } = messageNameOf(item);
  const point = async (to: RemovableItem | undefined) => {
    if (to?.providerMessageId !== undefined)
      await removePointer(table, { channel, providerMessageId: to.providerMessageId });
  };
  await point(item);
  const claim = await deleteIf(table, sendKey(id), leadsTo(item.pk));
  const removed = RemovableItem.optional().parse(await deleteIf(table, item, ITEM_EXISTS));
  // A send that was under way while the page was read.
  if (removed?.providerMessageId !== item.providerMessageId) await point(removed);
  return [...(claim === undefined ? [] : [kindOf('SEND')]), ...(removed === undefined ? [] : [kindOf(item.sk)])];
};

/** Removes an item, and with an outbound message its claim and the pointer to it; returns the kinds. */
export const removeItem = async (table: Table, item: RemovableItem): Promise<readonly ItemKind[]> => {
  if (item.direction === 'outbound') return removeMessage(table, item);
  return (await deleteIf(table, item, ITEM_EXISTS)) === undefined ? [] : [kindOf(item.sk)];
};
