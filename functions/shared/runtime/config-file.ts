import { readFileSync } from 'node:fs';
import { Config } from '../domain/config.ts';

/** Reads the accounts and channels from the JSON file that is deployed with the bundle. Throws when they are invalid. */
export const readConfigFile = (path: string): Config => Config.parse(JSON.parse(readFileSync(path, 'utf8')));
