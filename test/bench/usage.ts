import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import { messageKey } from '../../functions/shared/store/keys.ts';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { createBenchTable } from './bench-table.ts';
import { configOf, FAULTS_ONLY } from './handlers.ts';
import { median, printRow } from './support.ts';

/**
 * The cost of counting usage for a batch of the stream: a hundred messages of customers who are new this month, a hundred
 * of customers who are counted already and, for comparison, a hundred changes that are not counted.
 */
const BATCH = 100;
const RUNS = 7;
const NOON = Date.UTC(2026, 10, 20, 12);
const channel = 'support';

const engine = await startDynamoDb();
const { tableName, documents, dynamo } = await createBenchTable(engine.endpoint);
const sent = new Map<string, number>();
dynamo.middlewareStack.add(
  (next, context) => (args) => {
    const name = String(context['commandName']).replace('Command', '');
    sent.set(name, (sent.get(name) ?? 0) + 1);
    return next(args);
  },
  { step: 'initialize' },
);
const handler = createChangeStream({
  config: configOf('http://127.0.0.1:9'),
  tableName,
  dynamo,
  now: () => new Date(NOON),
  log: FAULTS_ONLY,
  bus: { put: async (entries) => entries.map(() => true) },
});

let messages = 0;
const aMessage = (customer: number) => {
  messages += 1;
  const name = {
    channel,
    customer: CustomerKey.parse(`+49151${10_000_000 + customer}`),
    atMs: NOON,
    id: `m${messages}`,
  };
  const key = messageKey(name);
  const content = '{"type":"text","text":"Guten Tag"}';
  return { key, item: { ...key, direction: 'inbound', id: name.id, at: NOON, receivedAt: NOON, content } };
};

const numbers = Array.from({ length: BATCH }, (_, index) => index);

/** Writes messages of these customers as inbound-webhook does; returns their stream records. */
const write = async (customers: readonly number[]): Promise<readonly StreamRecord[]> => {
  const all = customers.map(aMessage);
  for (let from = 0; from < all.length; from += 25)
    await documents.send(
      new BatchWriteCommand({
        RequestItems: { [tableName]: all.slice(from, from + 25).map(({ item: Item }) => ({ PutRequest: { Item } })) },
      }),
    );
  return all.map(({ key, item }, index) => ({
    dynamodb: { SequenceNumber: String(index), Keys: marshall(key), NewImage: marshall(item) },
  }));
};

interface Measured {
  readonly ms: number;
  readonly requests: ReadonlyMap<string, number>;
}

const measure = async (records: readonly StreamRecord[]): Promise<Measured> => {
  sent.clear();
  const started = performance.now();
  const { batchItemFailures } = await handler({ Records: records });
  if (batchItemFailures.length > 0) throw new Error('a batch failed');
  return { ms: performance.now() - started, requests: new Map(sent) };
};

const removed = (records: readonly StreamRecord[]): readonly StreamRecord[] =>
  records.map(({ dynamodb }) => {
    const { NewImage: OldImage, ...rest } = dynamodb ?? {};
    return { dynamodb: { ...rest, ...(OldImage === undefined ? {} : { OldImage }) } };
  });

await measure(await write(numbers.map((number) => number + 900_000)));
const measured: Record<'new' | 'known' | 'nothing', Measured[]> = { new: [], known: [], nothing: [] };
for (let run = 0; run < RUNS; run += 1) {
  const customers = numbers.map((number) => run * BATCH + number);
  measured.new.push(await measure(await write(customers)));
  const again = await write(customers);
  measured.known.push(await measure(again));
  measured.nothing.push(await measure(removed(again)));
}
engine.stop();

console.log(`\nA batch of ${BATCH} records through the whole function on DynamoDB Local, median of ${RUNS}\n`);
const baseline = median(measured.nothing.map(({ ms }) => ms));
printRow('', 'ms', 'ratio', 'requests');
for (const [name, runs] of Object.entries(measured)) {
  const ms = median(runs.map((one) => one.ms));
  const requests = [...(runs.at(-1)?.requests ?? [])].map(([command, count]) => `${count} ${command}`).join(', ');
  printRow(`customers ${name}`, ms.toFixed(1), (ms / baseline).toFixed(1), `  ${requests || 'none'}`);
}
