import { readFileSync } from 'node:fs';
import { Config } from '../domain/config.ts';

/** Reads the accounts and channels that were deployed beside the bundle. */
export const readConfigFile = (path: string): Config => Config.parse(JSON.parse(readFileSync(path, 'utf8')));
