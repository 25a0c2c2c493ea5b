import type { TestProject } from 'vitest/node';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Provided to the files of the integration project alone. */
    dynamoDbEndpoints: readonly string[] | undefined;
  }
}

/** Starts one DynamoDB Local for each worker of the integration run, or for each file where these are fewer. */
export const setup = async (project: TestProject): Promise<() => void> => {
  const { config, state } = project.vitest;
  const workers = Math.max(1, Math.min(config.maxWorkers, state.getPaths().length));
  const engines = await Promise.all(Array.from({ length: workers }, () => startDynamoDb()));
  project.provide(
    'dynamoDbEndpoints',
    engines.map(({ endpoint }) => endpoint),
  );
  return () => {
    for (const { stop } of engines) stop();
  };
};
