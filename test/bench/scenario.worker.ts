import { keepAnswers } from './answers.ts';
import { createHandlers, createRawClient, type Place } from './handlers.ts';
import { type Act, type Measured, measure } from './measure.ts';
import { countUnits, type Recorded, recordRequests, replayed, type Units } from './replay.ts';
import { SCENARIOS, type ScenarioName } from './scenarios.ts';

export interface AgainstRaw {
  readonly runs: readonly { readonly handler: Measured; readonly raw: Measured }[];
  /** CPU of each operation in milliseconds, without that of its raw requests, by run. */
  readonly ownCpuMs: readonly number[];
  readonly units: Units;
}

const [name = '', rounds = '', place = ''] = process.argv.slice(2);
const at = JSON.parse(place) as Place;
const { dynamo, ...handlers } = createHandlers(at);
const { record } = recordRequests(dynamo);
const documents = createRawClient(at);
const answers = keepAnswers([dynamo, documents]);
const { prepare, acts, beside, size } = SCENARIOS[name as ScenarioName](handlers, at);
const RUNS = Number(rounds);

/** An operation without the handler: its requests, and what else it needs. */
const toRaw = (requests: readonly Recorded[]): Act => {
  const replay = replayed(documents, requests);
  return beside === undefined ? replay : () => Promise.all([replay(), beside()]);
};

/** Runs operations once with the handler and once raw, so that both tables are in the same state. */
const both = async (operations: readonly Act[]): Promise<void> => {
  // One after another where they build on each other: statuses follow their sends.
  for (let from = 0; from < operations.length; from += size) {
    const part = record(operations.slice(from, from + size));
    await measure(part.acts);
    await measure(part.requests.map((requests) => replayed(documents, requests)));
  }
};

await both(await prepare(RUNS + 2));
let last = record(acts(0));
await measure(last.acts);
const runs: { handler: Measured; raw: Measured }[] = [];
for (let run = 1; run <= RUNS; run += 1) {
  const next = record(acts(run));
  const raws = last.requests.map(toRaw);
  // The order alternates: DynamoDB Local becomes slower as it fills. The raw requests are those of the run before.
  const handlerFirst = run % 2 === 1;
  const early = handlerFirst ? await measure(next.acts) : undefined;
  const raw = await measure(raws);
  runs.push({ handler: early ?? (await measure(next.acts)), raw });
  last = next;
}

/** Handler and raw requests on the same answers, in turns; the first turn warms both up. */
const measureOwnCpu = async (): Promise<readonly number[]> => {
  const operations = acts(RUNS + 1);
  const kept = record(operations);
  await measure(answers.keep(kept.acts));
  const raws = kept.requests.map(toRaw);
  const own: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const handler = await measure(answers.give(operations));
    const raw = await measure(answers.give(raws));
    own.push(handler.cpuMs - raw.cpuMs);
  }
  return own.slice(1);
};

const ownCpuMs = await measureOwnCpu();
const result: AgainstRaw = { runs, ownCpuMs, units: await countUnits(documents, last.requests.slice(0, 100)) };
process.send?.(result, () => process.exit(0));
