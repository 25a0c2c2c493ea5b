import type { TestProject } from 'vitest/node';
import { type Engine, startDynamoDb } from '../../infra/local/dynamodb-local.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Provided to the files of the projects `store` and `integration` alone. */
    dynamoDbEndpoints: readonly string[] | undefined;
  }
}

/** Starts one engine for each worker of a project, or for each file where these are fewer, and returns what stops them. */
export const startEngines = async (project: TestProject, preferred: Engine): Promise<() => void> => {
  const { config, state } = project.vitest;
  const workers = Math.max(1, Math.min(config.maxWorkers, state.getPaths().length));
  const engines = await Promise.all(Array.from({ length: workers }, () => startDynamoDb(preferred)));
  project.provide(
    'dynamoDbEndpoints',
    engines.map(({ endpoint }) => endpoint),
  );
  return () => {
    for (const { stop } of engines) stop();
  };
};
