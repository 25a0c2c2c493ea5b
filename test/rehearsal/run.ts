import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { readSynthesized } from './assembly/assembly.ts';
import { synthesizeTo } from './assembly/synthesize.ts';
import { runtimeClient } from './lambda/runtime-client.ts';
import { type Rehearsal, startRehearsal } from './rehearsal.ts';
import { STORIES } from './stories/stories.ts';

/* npm run rehearse: plays the stories of the README on the synthesized template and its bundles. */

const print = (line: string): void => console.log(line);

const listAll = (title: string, lines: readonly string[]): void => {
  print(`\n${title}: ${lines.length === 0 ? 'none' : lines.length}`);
  for (const line of lines) print(`  ${line}`);
};

/** Plays every story; returns the number that failed. */
const playAll = async (rehearsal: Rehearsal): Promise<number> => {
  let failed = 0;
  for (const { name, play } of STORIES) {
    const started = performance.now();
    const fault = await play(rehearsal).then(
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

const run = async (): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-rehearsal-'));
  const runtime = runtimeClient(print);
  print('Synthesizing …');
  synthesizeTo(folder);
  const dynamoDb = await startDynamoDb();
  const synthesized = readSynthesized(folder);
  const rehearsal = await startRehearsal({ synthesized, runtime, dynamoDbEndpoint: dynamoDb.endpoint });
  try {
    const failed = await playAll(rehearsal);
    const wrong = judge(rehearsal);
    print(`\n${STORIES.length - failed} of ${STORIES.length} stories passed; ${wrong} findings`);
    return failed + wrong;
  } finally {
    await rehearsal.stop();
    dynamoDb.stop();
    rmSync(folder, { recursive: true });
  }
};

process.exitCode = (await run()) === 0 ? 0 : 1;
