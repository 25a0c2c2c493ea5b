import type { TestProject } from 'vitest/node';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    dynamoDbEndpoints: readonly string[];
  }
}

/** One DynamoDB Local for each worker of the integration run; every test makes tables of its own. */
export const setup = async (project: TestProject): Promise<() => void> => {
  const workers = Math.max(1, project.vitest.config.maxWorkers);
  const engines = await Promise.all(Array.from({ length: workers }, () => startDynamoDb()));
  project.provide(
    'dynamoDbEndpoints',
    engines.map(({ endpoint }) => endpoint),
  );
  return () => {
    for (const { stop } of engines) stop();
  };
};
