import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalState, STATE_VERSION } from '../../infra/local/state/local-state.ts';
import { BUILT_IN } from '../../infra/shared/local-configuration.ts';
import { CHANNELS, type Event, type Written, writtenOf } from './history.ts';
import type { Failure } from './many-histories.ts';
import type { World } from './world.ts';

/** The provider's id of each channel's number in a local run. */
const BUSINESSES: Readonly<Record<Written['channel'], string>> = {
  support: BUILT_IN.channels[0].phoneNumberId,
  'support-sinch': BUILT_IN.accounts[1].appId,
};

/** What the simulated providers know of the customers who wrote. */
const providerOf = (events: readonly Event[]): LocalState['provider'] => {
  const written = events.flatMap((event) => (event.kind === 'message' ? [writtenOf(event)] : []));
  return {
    customers: written.map(({ channel, names, at }) => ({
      keys: names.map((name) => `${BUSINESSES[channel]} ${name}`),
      lastMessageMs: at * 1000,
    })),
    written: written.map(({ channel, names, id, at, text }) => ({
      channel,
      names: [...names],
      id,
      at: new Date(at * 1000).toISOString(),
      shown: { type: 'text', text },
    })),
    accepted: [],
    files: [],
    answers: {},
  };
};

/** The world as it is, as a local run saves its state. */
export const toLocalState = (world: World, events: readonly Event[]): LocalState => ({
  version: STATE_VERSION,
  channels: [...CHANNELS],
  clock: { now: world.now().toISOString() },
  table: world.table.all().map((item) => JSON.parse(JSON.stringify(item))),
  provider: providerOf(events),
  files: [],
  events: world.published().map(({ time, detailType, detail }) => ({
    source: 'carewindow',
    'detail-type': detailType,
    time: time.toISOString(),
    detail: JSON.parse(detail),
  })),
  wire: [],
});

/** Writes what a history leaves, for the local page, and beside it what is left of the history. */
export const writeFailure = ({ state, ...failure }: Failure, options: object, folder = '.') => {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  const commit = stdout.trim();
  const files = {
    state: join(folder, `simulation-${failure.seed}.json`),
    history: join(folder, `simulation-${failure.seed}-history.json`),
  };
  const write = (file: string, content: object): void =>
    writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
  write(files.state, state);
  write(files.history, { commit, options, ...failure });
  return {
    ...files,
    report: [
      `seed ${failure.seed} at ${commit}, options ${JSON.stringify(options)}: ${failure.faults.join('; ')}`,
      `${failure.events.length} events are left of it, in ${files.history}`,
      `what they leave is in ${files.state}: load it on the page of \`npm start\``,
      `again: npm run simulate -- --seed ${failure.seed} --histories 1`,
    ],
  };
};
