import { inject } from 'vitest';

/** The DynamoDB of this worker: an engine handles one request at a time, so parallel test files do not share one. */
export const dynamoDbEndpoint = (): string => {
  const endpoints = inject('dynamoDbEndpoints');
  const worker = Number(process.env['VITEST_POOL_ID'] ?? 1);
  const endpoint = endpoints?.[(worker - 1) % endpoints.length];
  if (endpoint === undefined)
    throw new Error(
      'No DynamoDB: this file must be below test/integration or test/browser and run with vitest.config.ts',
    );
  return endpoint;
};
