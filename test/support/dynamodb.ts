import type { TestProject } from 'vitest/node';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    dynamoDbEndpoint: string;
  }
}

/** One DynamoDB Local for the whole integration run; every test file makes tables of its own. */
export const setup = async (project: TestProject): Promise<() => void> => {
  const dynamoDb = await startDynamoDb();
  project.provide('dynamoDbEndpoint', dynamoDb.endpoint);
  return dynamoDb.stop;
};
