import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsClientLimits } from '../../network/aws-client-limits.ts';

/** A DynamoDB client with explicit timeouts and retries. */
export const createDynamoClient = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({ ...awsClientLimits(4), ...config });

export const toDocumentClient = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** What every verb of the store needs. */
export interface Table {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  /** The epoch second since which a channel's number is in its business portfolio. @default - it has always been in it */
  readonly portfolioSince?: ((channel: string) => number | undefined) | undefined;
}
