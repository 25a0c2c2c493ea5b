import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Provided to the files of the browser project alone. */
    chromium: string | undefined;
  }
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** What to do where there is none. */
export const NO_CHROMIUM = 'The tests of the console need Chromium: sudo apt-get install -y chromium';

/** The first Chromium on the PATH. */
export const findChromium = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);

/** @throws an Error with the command that installs Chromium, where there is none */
export const setup = (project: TestProject): void => {
  const chromium = findChromium();
  if (chromium === undefined) throw new Error(NO_CHROMIUM);
  project.provide('chromium', chromium);
};
