import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    restoreMocks: true,
    // Ends what hangs; no test measures how fast the machine is.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each worker has a DynamoDB Local of its own and waits for it most of the time, so two share two cores well.
    maxWorkers: Math.min(4, Math.max(3, availableParallelism() - 1)),
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false, sequence: { shuffle: true } },
      },
      {
        extends: true,
        test: {
          name: 'property',
          include: ['test/property/**/*.test.ts'],
          isolate: false,
          sequence: { shuffle: true },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/dynamodb.ts'],
        },
      },
      { extends: true, test: { name: 'infra', include: ['test/infra/**/*.test.ts'], isolate: false } },
    ],
  },
});
