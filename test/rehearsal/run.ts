import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { readSynthesized, type Synthesized } from './assembly/assembly.ts';
import { synthesizeCommit, synthesizeTo } from './assembly/synthesize.ts';
import { bootstrap, destroy, twoStages, update } from './deployment/deployment-stories.ts';
import { createOperator } from './deployment/operator.ts';
import { runtimeClient } from './lambda/runtime-client.ts';
import { type Rehearsal, type RehearsalOptions, startRehearsal } from './rehearsal.ts';
import { AFTER_ROLL_BACK, AFTER_ROLL_FORWARD, BEFORE_ROLL_BACK } from './stories/roll-back-stories.ts';
import { STORIES } from './stories/stories.ts';
import type { Story } from './stories/story.ts';

/*
 * npm run rehearse: deploys two stages with the CDK CLI into an account on this machine, plays the stories of the README on
 * what was uploaded for one of them, updates it and destroys it. With `-- --roll-back-to <commit>` it goes back to that
 * commit on a table that the checked out one has written, and forward.
 */

const print = (line: string): void => console.log(line);

const listAll = (title: string, lines: readonly string[]): void => {
  print(`\n${title}: ${lines.length === 0 ? 'none' : lines.length}`);
  for (const line of lines) print(`  ${line}`);
};

interface Playable<T> {
  readonly name: string;
  readonly play: (on: T) => Promise<void>;
}

/** Plays every story; returns the number that failed. */
const playAll = async <T>(stories: readonly Playable<T>[], on: T): Promise<number> => {
  let failed = 0;
  for (const { name, play } of stories) {
    const started = performance.now();
    const fault = await play(on).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(JSON.stringify(error))),
    );
    if (fault !== undefined) failed += 1;
    print(`${fault === undefined ? 'ok' : 'FAILED'}: ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    if (fault !== undefined) print(fault.stack ?? fault.message);
  }
  return failed;
};

/** Prints what was noticed beside the stories; returns the number of things that are wrong. */
const judge = ({ ledger, faults, logs }: Rehearsal): number => {
  const { mismatches, unpublished } = logs.metrics();
  const wrong = {
    'Missing permissions': ledger.denials,
    'Calls that AWS or the internet would not answer': faults,
    'Metrics that are read under other dimensions than those that are published': mismatches,
    'Log lines of level ERROR': logs.errors,
    'Log lines that are no JSON': logs.unreadable,
  };
  for (const [title, lines] of Object.entries(wrong)) listAll(title, lines);
  listAll('Granted, and used by no story', ledger.unused());
  listAll('Metrics that are read, and that no story published', unpublished);
  return Object.values(wrong).flat().length;
};

/** Plays stories on one deployment of the stack; returns the number of things that are wrong. */
const rehearse = async (stories: readonly Story[], options: RehearsalOptions): Promise<number> => {
  const rehearsal = await startRehearsal(options);
  try {
    const failed = await playAll(stories, rehearsal);
    const wrong = judge(rehearsal);
    print(`\n${stories.length - failed} of ${stories.length} stories passed; ${wrong} findings`);
    return failed + wrong;
  } finally {
    await rehearsal.stop();
  }
};

type Play = (stories: readonly Story[], synthesized: Synthesized) => Promise<number>;

/** Deploys with the CLI, plays the stories on what it uploaded, updates and destroys. */
const deployAndPlay = async (folder: string, play: Play): Promise<number> => {
  print('Deploying with the CDK CLI …');
  const operator = await createOperator(folder);
  try {
    for (const story of [bootstrap, twoStages]) if ((await playAll([story], operator)) > 0) return 1;
    const wrong = await play(STORIES, operator.uploadedStack('production'));
    print('\nUpdating with the CDK CLI …');
    return wrong + (await playAll([update, destroy], operator));
  } finally {
    await operator.stop();
  }
};

/** Goes back from the deployment that is checked out to another commit and forward again, on one table. */
const rollBack = async (folder: string, commit: string, play: Play): Promise<number> => {
  print('Synthesizing …');
  const [current, earlier] = [join(folder, 'current'), join(folder, 'earlier')];
  synthesizeTo(current);
  synthesizeCommit(earlier, commit);
  const left = await play(BEFORE_ROLL_BACK, readSynthesized(current));
  print(`\nRolling back to ${commit} …`);
  const continued = await play(AFTER_ROLL_BACK, readSynthesized(join(earlier, 'cdk.out')));
  print('\nRolling forward …');
  return left + continued + (await play(AFTER_ROLL_FORWARD, readSynthesized(current)));
};

const run = async (folder: string, rollBackTo: string | undefined): Promise<number> => {
  const runtime = runtimeClient(print);
  const dynamoDb = await startDynamoDb();
  const play: Play = (stories, synthesized) =>
    rehearse(stories, { synthesized, runtime, dynamoDbEndpoint: dynamoDb.endpoint });
  try {
    return rollBackTo === undefined ? await deployAndPlay(folder, play) : await rollBack(folder, rollBackTo, play);
  } finally {
    dynamoDb.stop();
  }
};

const { values } = parseArgs({ options: { 'roll-back-to': { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'carewindow-rehearsal-'));
try {
  process.exitCode = (await run(folder, values['roll-back-to'])) === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
