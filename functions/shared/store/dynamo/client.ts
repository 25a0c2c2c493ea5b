import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Limits on every call, so that a hanging connection never eats the Lambda's time: without them a call waits for ever. */
const LIMITS: DynamoDBClientConfig = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

/** A DynamoDB client with explicit timeouts and retries. */
export const createDynamoClient = (config: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({ ...LIMITS, ...config });

export const toDocumentClient = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** What every verb of the store needs. */
export interface Table {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
}
