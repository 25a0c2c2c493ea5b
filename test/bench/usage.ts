import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { Log } from '../../functions/shared/runtime/log.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import { createDynamoClient, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { messageKey } from '../../functions/shared/store/keys.ts';
import { createSessionsTable, LOCAL_ENGINE, localClient, startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { aConfig } from '../support/service.ts';
import { median, row } from './support.ts';

/**
 * What counting adds to a batch of the stream: a hundred messages of customers who are new this month, of customers who
 * have been counted, and a hundred changes that count nothing, for comparison. Requests are counted as they leave.
 */
const BATCH = 100;
const ROUNDS = 7;
const NOON = Date.UTC(2026, 10, 20, 12);
const channel = 'support';

const SILENT: Log = {
  begin: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (code, _, fault) => console.error(code, fault),
  count: () => undefined,
  gauge: () => undefined,
  end: () => undefined,
};

const engine = await startDynamoDb();
const tableName = 'bench';
await createSessionsTable(localClient(engine.endpoint), tableName);
const documents = toDocumentClient(localClient(engine.endpoint));
const dynamo = createDynamoClient({ ...LOCAL_ENGINE, endpoint: engine.endpoint });
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
  config: aConfig('http://127.0.0.1:9'),
  tableName,
  dynamo,
  now: () => new Date(NOON),
  log: SILENT,
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

/** Messages of these customers, written as the webhook leaves them, and their records. */
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
for (let round = 0; round < ROUNDS; round += 1) {
  const customers = numbers.map((number) => round * BATCH + number);
  measured.new.push(await measure(await write(customers)));
  const again = await write(customers);
  measured.known.push(await measure(again));
  measured.nothing.push(await measure(removed(again)));
}
engine.stop();

console.log(`\nA batch of ${BATCH} records through the whole function on DynamoDB Local, median of ${ROUNDS}\n`);
const baseline = median(measured.nothing.map(({ ms }) => ms));
row('', 'ms', 'ratio', 'requests');
for (const [name, rounds] of Object.entries(measured)) {
  const ms = median(rounds.map((one) => one.ms));
  const requests = [...(rounds.at(-1)?.requests ?? [])].map(([command, count]) => `${count} ${command}`).join(', ');
  row(`customers ${name}`, ms.toFixed(1), (ms / baseline).toFixed(1), `  ${requests || 'none'}`);
}
