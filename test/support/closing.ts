import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { expiresAtOf } from '../../functions/shared/domain/window.ts';
import { dueAttributes } from '../../functions/shared/store/due/due-entry.ts';
import type { Table } from '../../functions/shared/store/dynamo/client.ts';
import { chunk } from '../../functions/shared/store/dynamo/read-items.ts';
import { customerKey, sessionKey } from '../../functions/shared/store/keys.ts';

export interface StoredSession {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Whole epoch seconds. */
  readonly expiresAt: number;
  /** The second of its entry in the due index, which may be early. @default - its end */
  readonly dueAt?: number;
}

/** A session as the inbound webhook leaves it in the table. */
export const aStoredSession = ({ channel, customer, expiresAt, dueAt = expiresAt }: StoredSession) => {
  const lastInboundAt = expiresAt - expiresAtOf(0);
  return {
    ...sessionKey(channel, customer),
    sessionId: '01KADQ2M7S0V9T4JYB6G1H3E5R',
    openedAt: lastInboundAt,
    lastInboundAt,
    expiresAt,
    phase: 'open',
    ...dueAttributes({ kind: 'session', channel, customer, dueAt }),
  };
};

/** The customer of such a session. */
export const itsCustomer = ({ channel, customer, expiresAt }: StoredSession) => ({
  ...customerKey(channel, customer),
  phone: customer,
  lastOpenedAt: expiresAt - expiresAtOf(0),
});

/** Items per BatchWriteItem. */
const BATCH = 25;

const putSome = async ({ documents, tableName }: Table, items: readonly object[]): Promise<void> => {
  const PutRequests = items.map((Item) => ({ PutRequest: { Item: { ...Item } } }));
  const { UnprocessedItems = {} } = await documents.send(
    new BatchWriteCommand({ RequestItems: { [tableName]: PutRequests } }),
  );
  if (Object.keys(UnprocessedItems).length > 0) throw new Error('DynamoDB Local left items unwritten');
};

/** Puts items into the table as they are. */
export const putAll = async (table: Table, items: readonly object[]): Promise<void> => {
  await pMap(chunk(items, BATCH), (some) => putSome(table, some), { concurrency: 16 });
};
