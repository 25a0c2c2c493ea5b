import { DeleteCommand, type DeleteCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { ITEM_EXISTS, RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { type ItemKey, type ItemKind, kindOf, messageNameOf, sendKey } from '../keys.ts';

/** An item of a customer's partition as far as its removal depends on it. */
export const RemovableItem = z.object({ pk: z.string(), sk: z.string(), direction: z.string().optional() });
export type RemovableItem = z.infer<typeof RemovableItem>;

type Condition = Pick<DeleteCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

/** Holds while the claim leads to this partition: a message to another customer may use its id by now. */
const leadsTo = (pk: string): Condition => ({
  ConditionExpression: 'messagePk = :pk',
  ExpressionAttributeValues: { ':pk': pk },
});

const removeIf = async (
  { documents, tableName }: Table,
  { pk, sk }: ItemKey,
  condition: Condition,
): Promise<readonly ItemKind[]> => {
  const remove = new DeleteCommand({ TableName: tableName, Key: { pk, sk }, ...condition, ...RETURN_OLD_ITEM });
  const removed = await writeConditionally(() => documents.send(remove));
  // Where the SDK repeated the request and nothing is stored any more, the first one removed it.
  const isRemoved = removed.ok || (removed.wasRepeated && removed.item === undefined);
  return isRemoved ? [kindOf(sk)] : [];
};

/** Removes an item, and before it the claim of an outbound message, which only the message leads to; returns the kinds. */
export const removeItem = async (table: Table, item: RemovableItem): Promise<readonly ItemKind[]> => {
  const claim =
    item.direction === 'outbound' ? await removeIf(table, sendKey(messageNameOf(item).id), leadsTo(item.pk)) : [];
  return [...claim, ...(await removeIf(table, item, ITEM_EXISTS))];
};
