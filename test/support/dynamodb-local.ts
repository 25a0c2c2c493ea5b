import type { TestProject } from 'vitest/node';
import { startEngines } from './engines.ts';

/** The engine of AWS, for the tests of what the store asks of it. */
export const setup = (project: TestProject): Promise<() => void> => startEngines(project, 'dynamodb-local');
