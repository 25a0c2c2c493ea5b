import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { startEngines } from './engines.ts';

/** The quick engine, for the tests of what is built on the store; `TEST_ENGINE=dynamodb-local` runs them on that of AWS too. */
export const setup = (project: TestProject): Promise<() => void> =>
  startEngines(project, process.env['TEST_ENGINE'] === 'dynamodb-local' ? 'dynamodb-local' : 'dynoxide');
