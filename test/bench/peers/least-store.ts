import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Place } from '../handlers.ts';

export interface Received {
  readonly customer: string;
  readonly id: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly content: unknown;
}

/** The least that stores a message and the customer's window of 24 hours: two writes without a condition. */
export const createLeastStore = ({ endpoint, tableName }: Place, region: string) => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }));
  return async ({ customer, id, at, content }: Received): Promise<void> => {
    const pk = `CUSTOMER#${customer}`;
    const message = { pk, sk: `MSG#${id}`, at, content, direction: 'inbound' };
    const session = { pk, sk: 'SESSION', lastInboundAt: at, expiresAt: at + 86_400 };
    await documents.send(new PutCommand({ TableName: tableName, Item: message }));
    await documents.send(new PutCommand({ TableName: tableName, Item: session }));
  };
};
