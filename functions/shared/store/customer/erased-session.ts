import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { DAY_SECONDS } from '../../domain/time.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { deleteConditionally } from '../dynamo/conditional-write.ts';
import { findItem, readItems } from '../dynamo/read-items.ts';
import { erasedSessionKey, type MessageName, messageKey } from '../keys.ts';

/** Longer than the stream keeps a record, so that each message of the session is compared with its mark. */
const RETENTION_SECONDS = 2 * DAY_SECONDS;

/** Marks sessions as erased, before they are removed. The mark names no customer. */
export const markErased = async (
  { documents, tableName }: Table,
  sessionIds: readonly string[],
  now: Date,
): Promise<void> => {
  const expiresAt = epochSeconds(now) + RETENTION_SECONDS;
  for (const id of sessionIds)
    await documents.send(new PutCommand({ TableName: tableName, Item: { ...erasedSessionKey(id), expiresAt } }));
};

/** A message, and the session that it opened or extended. */
export interface MessageOfSession extends MessageName {
  readonly sessionId: string;
}

const isOfSession = ({ sessionId }: MessageOfSession) => ({
  ConditionExpression: '#window.sessionId = :sessionId',
  ExpressionAttributeNames: { '#window': 'window' },
  ExpressionAttributeValues: { ':sessionId': sessionId },
});

/** Removes what a webhook stored after the erasure of its customer. */
export const createErasedSessionStore = (table: Table) => ({
  /**
   * Removes those messages whose session was erased: the webhook wrote the window before the erasure and the message after
   * it (R16). A message that was delivered again since, and opened another session, stays. One read for up to 100 sessions.
   */
  removeErased: async (messages: readonly MessageOfSession[]): Promise<void> => {
    const keyOf = ({ sessionId }: MessageOfSession) => erasedSessionKey(sessionId);
    const marks = await readItems(table, messages.map(keyOf));
    const erased = messages.filter((message) => findItem(marks, keyOf(message)) !== undefined);
    for (const message of erased) await deleteConditionally(table, messageKey(message), isOfSession(message));
  },
});
