import { CustomerKey, type Identities } from '../../functions/shared/domain/customer.ts';
import { ownName } from '../../functions/shared/domain/names.ts';
import { toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { anArrival, CHANNEL, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { createSessionsStore } from '../support/sessions-store.ts';
import { createBenchTable } from './bench-table.ts';
import { median, printRow } from './support.ts';

/** The cost of a message under the canonical name and under another one, and of links of persons with more and more names. */
const RUNS = 15;

const engine = await startDynamoDb();
const { tableName, dynamo } = await createBenchTable(engine.endpoint);
const store = createSessionsStore({ documents: toDocumentClient(dynamo), tableName });
const sent: string[] = [];
dynamo.middlewareStack.add(
  (next, context) => (args) => {
    sent.push(String(context['commandName']).replace('Command', ''));
    return next(args);
  },
  { step: 'initialize' },
);

const numberOf = (index: number, kind = 0) => CustomerKey.parse(`+49${kind}51${10_000_000 + index}`);
const userOf = (index: number) => CustomerKey.parse(`DE.${10_000_000 + index}`);

let second = 0;
const write = (identities: Identities) => {
  second += 1;
  return store.recordInbound(anArrival({ at: secondsAfterNoon(second), id: `m${second}`, identities }));
};

const link = (names: readonly CustomerKey[]) =>
  store.linkNames({
    link: { channel: CHANNEL, names: names.map(ownName), at: NOON_SECONDS + second, learnedFrom: 'status' },
    now: secondsAfterNoon(second),
  });

const spell = (index: number, spelling: number) =>
  store.linkNames({
    link: {
      channel: CHANNEL,
      names: [ownName(numberOf(index, 1)), { name: numberOf(index, spelling), kind: 'number' }],
      at: NOON_SECONDS,
      learnedFrom: 'send',
    },
    now: secondsAfterNoon(0),
  });

/** Prints the median time of the steps, each after its preparation, and the requests of the last one. */
const measure = async (
  name: string,
  prepare: (index: number) => Promise<unknown>,
  step: (index: number) => Promise<unknown>,
): Promise<void> => {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const index = second + 1_000 * run;
    await prepare(index);
    sent.length = 0;
    const started = performance.now();
    await step(index);
    times.push(performance.now() - started);
  }
  printRow(name, `${median(times).toFixed(1)} ms`, `  ${sent.join(', ')}`);
};

const both = (index: number) => ({ phone: numberOf(index, 1), userId: userOf(index) });

await measure(
  'canonical name',
  (index) => write(both(index)),
  (index) => write({ phone: numberOf(index, 1) }),
);
await measure(
  'both names, linked',
  (index) => write(both(index)),
  (index) => write(both(index)),
);
await measure(
  'another name',
  (index) => write(both(index)),
  (index) => write({ userId: userOf(index) }),
);
await measure(
  'first message, both names',
  async () => undefined,
  (index) => write(both(index)),
);
for (const aliases of [0, 4, 16, 40])
  await measure(
    `link of a person of ${aliases + 1} names`,
    async (index) => {
      await write({ phone: numberOf(index, 1) });
      await write({ userId: userOf(index) });
      for (let spelling = 2; spelling < aliases + 2; spelling += 1) await spell(index, spelling);
    },
    (index) => link([numberOf(index, 1), userOf(index)]),
  );

engine.stop();
