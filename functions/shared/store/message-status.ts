import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type MessageStatus, REPLACES } from '../domain/status.ts';
import type { Table } from './client.ts';
import { attempt, SHOW_OLD } from './conditional.ts';
import type { ItemKey } from './keys.ts';

export interface StatusMove {
  readonly to: Exclude<MessageStatus, 'accepted'>;
  readonly atMs: number;
  readonly providerMessageId?: string | undefined;
  readonly error?: { readonly code: string; readonly title: string } | undefined;
}

/** Moves an existing message record forward in one write, or tells what stood in the way (R13). */
export const moveMessage = ({ documents, tableName }: Table, key: ItemKey, move: StatusMove) => {
  const replaced = Object.fromEntries(REPLACES[move.to].map((status, index) => [`:from${index}`, status]));
  const knowsProviderId = move.providerMessageId !== undefined;
  return attempt(
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...key },
        UpdateExpression: [
          'SET #status = :to, statuses = list_append(statuses, :entries)',
          knowsProviderId ? ', providerMessageId = if_not_exists(providerMessageId, :providerId)' : '',
          move.to === 'in_doubt' ? '' : ' REMOVE dueBucket',
        ].join(''),
        ConditionExpression: `#status IN (${Object.keys(replaced).join(', ')})`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ...replaced,
          ':to': move.to,
          ':entries': [{ status: move.to, at: move.atMs, error: move.error }],
          ...(knowsProviderId ? { ':providerId': move.providerMessageId } : {}),
        },
        ReturnValues: 'ALL_NEW',
        ...SHOW_OLD,
      }),
    ),
  );
};
