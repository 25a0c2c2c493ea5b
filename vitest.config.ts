import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { keepCompiledCode } from './test/support/compile-cache.ts';

keepCompiledCode();

/** Each request of the store, and what operators do with table and stream, on the engine of AWS. */
const ON_DYNAMODB_LOCAL = [
  'test/integration/simulation/**/*.test.ts',
  'test/integration/store/**/*.test.ts',
  'test/integration/operate/**/*.test.ts',
];

export default defineConfig({
  test: {
    restoreMocks: true,
    // What a file changes it makes as it was, so that a worker loads the modules once for all its files.
    isolate: false,
    // Ends what hangs; no test measures how fast the machine is.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each worker has a DynamoDB of its own and waits for it most of the time, so three share two cores well.
    maxWorkers: Math.min(4, Math.max(3, availableParallelism() - 1)),
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], sequence: { shuffle: true } },
      },
      {
        extends: true,
        test: {
          name: 'property',
          include: ['test/property/**/*.test.ts'],
          sequence: { shuffle: true },
        },
      },
      // It puts the pauses, the network and the chance of its process in the hands of the simulation.
      { extends: true, test: { name: 'simulation', include: ['test/simulation/**/*.test.ts'], isolate: true } },
      {
        extends: true,
        test: { name: 'store', include: ON_DYNAMODB_LOCAL, globalSetup: ['test/support/dynamodb-local.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: ON_DYNAMODB_LOCAL,
          globalSetup: ['test/support/dynoxide.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/chromium.ts', 'test/support/dynoxide.ts'],
        },
      },
      { extends: true, test: { name: 'infra', include: ['test/infra/**/*.test.ts'] } },
    ],
  },
});
