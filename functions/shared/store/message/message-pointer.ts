import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../dynamo/client.ts';
import { readItem } from '../dynamo/read-items.ts';
import { transact } from '../dynamo/transaction.ts';
import { PointerItem, SendItem } from '../items.ts';
import { type ItemKey, pointerKey, sendKey } from '../keys.ts';

/** A message as its provider names it. */
export interface ProviderMessage {
  readonly channel: string;
  readonly providerMessageId: string;
}

/** Writes the pointer to a message that the provider accepted. Idempotent; it names no customer (R16). */
export const putPointer = async (
  { documents, tableName }: Table,
  { channel, providerMessageId }: ProviderMessage,
  { messageId, expiresAt }: { readonly messageId: string; readonly expiresAt: number },
): Promise<void> => {
  const Item = { ...pointerKey(channel, providerMessageId), messageId, expiresAt };
  await documents.send(new PutCommand({ TableName: tableName, Item }));
};

interface Pointed {
  readonly key: ItemKey;
  readonly messageId: string;
  readonly expiresAt: number;
}

/** Writes the pointer to a message whose send had no answer, and its id into the record: both or, once it is erased, neither (R16). */
export const pointTo = async (
  table: Table,
  { channel, providerMessageId }: ProviderMessage,
  { key, ...to }: Pointed,
): Promise<void> => {
  const { tableName: TableName } = table;
  await transact(table, [
    { Put: { TableName, Item: { ...pointerKey(channel, providerMessageId), ...to } } },
    {
      Update: {
        TableName,
        Key: { ...key },
        UpdateExpression: 'SET pointedFrom = :from',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(pointedFrom)',
        ExpressionAttributeValues: { ':from': providerMessageId },
      },
    },
  ]);
};

/** Idempotent. */
export const removePointer = async (
  { documents, tableName }: Table,
  { channel, providerMessageId }: ProviderMessage,
): Promise<void> => {
  await documents.send(new DeleteCommand({ TableName: tableName, Key: { ...pointerKey(channel, providerMessageId) } }));
};

/** Finds the record of a message by the provider's id; `undefined` where no pointer leads to it. */
export const findByPointer = async (
  table: Table,
  { channel, providerMessageId }: ProviderMessage,
): Promise<ItemKey | undefined> => {
  const pointer = PointerItem.optional().parse(await readItem(table, pointerKey(channel, providerMessageId)));
  if (pointer === undefined) return undefined;
  const claim = SendItem.optional().parse(await readItem(table, sendKey(pointer.messageId)));
  return claim === undefined || 'erased' in claim ? undefined : { pk: claim.messagePk, sk: claim.messageSk };
};
