import { inject } from 'vitest';

/** The DynamoDB Local of this worker: files that go side by side do not share an engine, which handles one thing at a time. */
export const dynamoDbEndpoint = (): string => {
  const endpoints = inject('dynamoDbEndpoints');
  const worker = Number(process.env['VITEST_POOL_ID'] ?? 1);
  const endpoint = endpoints[(worker - 1) % endpoints.length];
  if (endpoint === undefined) throw new Error('no DynamoDB Local runs');
  return endpoint;
};
