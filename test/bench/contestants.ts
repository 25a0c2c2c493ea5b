import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { bundleModule } from '../../infra/build/bundle.ts';
import { localClient } from '../../infra/shared/local-engine.ts';
import { type Asked, type Delivery, deliveryOf, type Ran, type Vendor } from './contest.ts';
import { onEngine } from './engine.ts';
import type { Place } from './handlers.ts';
import type { Measured } from './measure.ts';
import { NOON } from './noon.ts';
import { customerOf, type Sent } from './webhooks.ts';

const PEERS = join(import.meta.dirname, 'peers');

/** What is compared, in the order of the table; each has a database of its own. */
const CONTESTANTS: readonly { readonly name: string; readonly vendor: Vendor; readonly isPeer: boolean }[] = [
  { name: 'the two writes alone', vendor: 'meta', isPeer: true },
  { name: 'CareWindow, Meta', vendor: 'meta', isPeer: false },
  { name: 'whatsapp-api-js', vendor: 'meta', isPeer: true },
  { name: '@kapso/whatsapp-cloud-api', vendor: 'meta', isPeer: true },
  { name: 'CareWindow, Sinch', vendor: 'sinch', isPeer: false },
  { name: '@sinch/sdk-core', vendor: 'sinch', isPeer: true },
];

/** How a server behaves: what of it a customer would notice. */
export interface Behaviour {
  /** Of five messages in one webhook. */
  readonly storedOfFive: number | undefined;
  readonly isWindowRightAfterReplay: boolean;
  readonly isWindowRightInWrongOrder: boolean;
  readonly forgedStatus: number;
}

export interface Contestant {
  readonly name: string;
  readonly runs: readonly Measured[];
  readonly residentBytes: number;
  readonly behaviour: Behaviour | undefined;
}

const ask = <T>(child: ChildProcess, asked?: Asked): Promise<T> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a contestant ended with code ${code}`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as T);
    });
    if (asked !== undefined) child.send(asked);
  });

const itemsOf = async ({ endpoint, tableName, region }: Place): Promise<readonly Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  const client = toDocumentClient(localClient(endpoint, region));
  do {
    const page = await client.send(new ScanCommand({ TableName: tableName, ExclusiveStartKey: from }));
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  client.destroy();
  return items;
};

const DAY = 86_400;
const LATER = 600;

const behaviourOf = async (
  deliver: (delivery: Delivery) => Promise<number>,
  vendor: Vendor,
  place: Place,
): Promise<Behaviour> => {
  const text = (customer: number, id: string, at = NOON): Sent => ({ customer, id, at });
  const five = [0, 1, 2, 3, 4].map((index) => text(5_000 + index, `five.${index}`));
  if (vendor === 'meta') await deliver(deliveryOf(vendor, five));
  const [replayed, disordered] = [6_000, 6_001];
  for (const [id, at] of [
    ['one', NOON],
    ['two', NOON + LATER],
    ['one', NOON],
  ] as const)
    await deliver(deliveryOf(vendor, [text(replayed, `replay.${id}`, at)]));
  for (const [id, at] of [
    ['two', NOON + LATER],
    ['one', NOON],
  ] as const)
    await deliver(deliveryOf(vendor, [text(disordered, `order.${id}`, at)]));
  const forgedStatus = await deliver(deliveryOf(vendor, [text(7_000, 'forged')], 'another secret'));
  const items = await itemsOf(place);
  const isRight = (customer: number) =>
    items.some(
      ({ pk, sk, expiresAt }) =>
        sk === 'SESSION' && String(pk).endsWith(customerOf(customer).slice(1)) && expiresAt === NOON + LATER + DAY,
    );
  return {
    storedOfFive: vendor === 'meta' ? items.filter(({ sk }) => String(sk).includes('five.')).length : undefined,
    isWindowRightAfterReplay: isRight(replayed),
    isWindowRightInWrongOrder: isRight(disordered),
    forgedStatus,
  };
};

/** Bundles both programs in the same way. */
const bundlePrograms = async (folder: string) => {
  if (!existsSync(join(PEERS, 'node_modules')))
    execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: PEERS, stdio: 'ignore' });
  const [own, peer] = [join(folder, 'contest.mjs'), join(folder, 'peer.mjs')];
  await bundleModule(join(import.meta.dirname, 'contest.worker.ts'), own);
  await bundleModule(join(PEERS, 'peer.worker.ts'), peer);
  return { own, peer };
};

/** Measures the contestants in turns on one DynamoDB Local, and looks how each behaves. */
export const measureContest = async (folder: string, rounds: number): Promise<readonly Contestant[]> => {
  const { own, peer } = await bundlePrograms(folder);
  const regions = CONTESTANTS.map((_, index) => `contestant-${index}`);
  return onEngine(async (place) => {
    const running = CONTESTANTS.map(({ name, vendor, isPeer }, index) => {
      const at = { ...place, region: regions[index] ?? '' };
      const args = [isPeer ? name : vendor, JSON.stringify(at)];
      // A library that is bundled with a peer warns of its own dependency.
      const child = fork(isPeer ? peer : own, args, {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: ['--disable-warning=DEP0040'],
      });
      return { name, vendor, at, child, ready: ask(child), runs: [] as Ran[] };
    });
    await Promise.all(running.map(({ ready }) => ready));
    for (let run = 0; run <= rounds; run += 1)
      for (const { child, runs } of run % 2 === 0 ? running : running.toReversed())
        runs.push(await ask<Ran>(child, { run }));
    const contestants: Contestant[] = [];
    for (const { name, vendor, at, child, runs } of running) {
      const deliver = (delivery: Delivery) => ask<number>(child, { deliver: delivery });
      const behaviour = name === 'the two writes alone' ? undefined : await behaviourOf(deliver, vendor, at);
      child.kill();
      // The first run opens the sessions, and warms up.
      contestants.push({ name, runs: runs.slice(1), residentBytes: runs.at(-1)?.residentBytes ?? 0, behaviour });
    }
    return contestants;
  }, regions);
};
