import { setTimeout as pause } from 'node:timers/promises';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { expiresAtOf } from '../../functions/shared/domain/window.ts';
import type { Log } from '../../functions/shared/runtime/log.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import { type ItemKey, messageKey, sessionKey } from '../../functions/shared/store/keys.ts';
import { memberKey } from '../../functions/shared/store/usage/usage-keys.ts';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { putAll } from '../support/closing.ts';
import { aConfig } from '../support/service.ts';
import { createBenchTable } from './bench-table.ts';
import { median, printRow } from './support.ts';

/**
 * How many table changes a second one shard publishes: one batch at a time, a bus that takes 50 ms for each PutEvents, and
 * customers who are counted already. Each message is two changes, of its session and of itself. Usage is counted in DynamoDB
 * Local, whose one process is slower than the service.
 */
const BATCH = 300;
const RUNS = 9;
const PUT_EVENTS_MS = 50;
const TARGET = 1_000;
const NOON = Date.UTC(2026, 10, 20, 12);
const channel = 'support';

const FAULTS_ONLY: Log = {
  begin: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (code, _, fault) => console.error(code, fault),
  count: () => undefined,
  gauge: () => undefined,
  end: () => undefined,
};

const engine = await startDynamoDb();
const { tableName, dynamo, documents } = await createBenchTable(engine.endpoint);
let calls = 0;
const handler = createChangeStream({
  config: aConfig('http://127.0.0.1:9'),
  tableName,
  dynamo,
  now: () => new Date(NOON),
  log: FAULTS_ONLY,
  bus: {
    put: async (entries) => {
      calls += 1;
      await pause(PUT_EVENTS_MS);
      return entries.map(() => true);
    },
  },
});

let sequence = 0;
const aRecord = (key: ItemKey, before: object | undefined, after: object): StreamRecord => {
  sequence += 1;
  return {
    dynamodb: {
      SequenceNumber: String(sequence),
      Keys: marshall(key),
      ...(before === undefined ? {} : { OldImage: marshall({ ...key, ...before }) }),
      NewImage: marshall({ ...key, ...after }),
    },
  };
};

const customerOf = (number: number) => CustomerKey.parse(`+49151${10_000_000 + number}`);

/** The changes of a message that extends an open session. */
const aMessage = (run: number, number: number): readonly StreamRecord[] => {
  const customer = customerOf(number);
  const at = NOON / 1_000 + run;
  const session = (lastInboundAt: number) => ({
    sessionId: `ses_${number}`,
    openedAt: NOON / 1_000 - 60,
    lastInboundAt,
    expiresAt: expiresAtOf(lastInboundAt),
    phase: 'open',
  });
  const id = `m${run}.${number}`;
  const content = '{"type":"text","text":"Guten Tag"}';
  const message = { direction: 'inbound', id, at: at * 1_000, receivedAt: at * 1_000, content };
  return [
    aRecord(sessionKey(channel, customer), session(at - 1), session(at)),
    aRecord(messageKey({ channel, customer, atMs: at * 1_000, id }), undefined, message),
  ];
};

/** Customers who are counted in this month already. */
const countAll = () =>
  putAll(
    { tableName, documents },
    Array.from({ length: BATCH / 2 }, (_, number) => memberKey({ channel, month: '2026-11' }, customerOf(number))),
  );

const aBatch = (run: number): readonly StreamRecord[] =>
  Array.from({ length: BATCH / 2 }, (_, number) => aMessage(run, number)).flat();

const measure = async (run: number): Promise<number> => {
  const records = aBatch(run);
  calls = 0;
  const started = performance.now();
  const { batchItemFailures } = await handler({ Records: records });
  if (batchItemFailures.length > 0) throw new Error('a batch failed');
  return performance.now() - started;
};

await countAll();
await measure(0);
const times: number[] = [];
for (let run = 1; run <= RUNS; run += 1) times.push(await measure(run));
documents.destroy();
engine.stop();

const ms = median(times);
console.log(`\nBatches of ${BATCH} changes through the whole function, PutEvents takes ${PUT_EVENTS_MS} ms\n`);
printRow('a batch', `${ms.toFixed(0)} ms`);
printRow('PutEvents in it', String(calls));
printRow('changes a second on one shard', ((BATCH / ms) * 1_000).toFixed(0), `target ${TARGET}`);
