import { join } from 'node:path';
import { bundleModule } from '../../infra/build/bundle.ts';
import { inOwnProcess } from '../support/own-process.ts';
import { onEngine } from './engine.ts';
import type { AgainstRaw } from './scenario.worker.ts';
import { SCENARIOS, type ScenarioName } from './scenarios.ts';

export type { AgainstRaw };

/** Measures every scenario against its own raw requests, in a bundle as the deployed ones. */
export const measureAgainstRaw = async (
  folder: string,
  rounds: number,
): Promise<Readonly<Record<ScenarioName, AgainstRaw>>> => {
  const program = join(folder, 'scenario.mjs');
  await bundleModule(join(import.meta.dirname, 'scenario.worker.ts'), program);
  const measured: [string, AgainstRaw][] = [];
  for (const name of Object.keys(SCENARIOS))
    measured.push([
      name,
      await onEngine((place) => inOwnProcess<AgainstRaw>(program, [name, String(rounds), JSON.stringify(place)])),
    ]);
  return Object.fromEntries(measured) as Record<ScenarioName, AgainstRaw>;
};
