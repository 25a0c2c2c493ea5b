import { setTimeout as pause } from 'node:timers/promises';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { expiresAtOf } from '../../functions/shared/domain/window.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import { createDynamoClient, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { type ItemKey, messageKey, sessionKey } from '../../functions/shared/store/keys.ts';
import { memberKey } from '../../functions/shared/store/usage/usage-keys.ts';
import { LOCAL_ENGINE } from '../../infra/shared/local-engine.ts';
import { putAll } from '../support/closing.ts';
import { configOf, FAULTS_ONLY, type Place } from './handlers.ts';
import { meter } from './meter.ts';
import { NOON } from './noon.ts';

/**
 * One shard: a batch at a time, a bus that takes 50 ms for each PutEvents, and customers who are counted already. Each
 * message is two changes, of its session and of itself. Usage is counted in DynamoDB Local, slower than the service.
 */
export interface Stream {
  readonly batch: number;
  readonly putEventsMs: number;
  readonly putEvents: number;
  /** Of each batch of the burst. */
  readonly times: readonly number[];
  readonly changes: number;
  /** Of one message, which is two changes. */
  readonly message: { readonly events: number; readonly readUnits: number; readonly writeUnits: number };
}

const BATCH = 300;
const PUT_EVENTS_MS = 50;
const CUSTOMERS = 5_000;
const channel = 'support';

const { endpoint, tableName, region } = JSON.parse(process.argv[2] ?? '') as Place;
const CHANGES = Number(process.argv[3]);
const dynamo = createDynamoClient({ ...LOCAL_ENGINE, region, endpoint });
let calls = 0;
let events = 0;
const handler = createChangeStream({
  config: configOf('http://127.0.0.1:9'),
  tableName,
  dynamo,
  now: () => new Date(NOON * 1_000),
  log: FAULTS_ONLY,
  bus: {
    put: async (entries) => {
      calls += 1;
      events += entries.length;
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

const customerOf = (index: number) => CustomerKey.parse(`+49151${10_000_000 + (index % CUSTOMERS)}`);

/** The changes of a message that extends an open session. */
const aMessage = (index: number): readonly StreamRecord[] => {
  const customer = customerOf(index);
  const at = NOON + Math.floor(index / CUSTOMERS);
  const session = (lastInboundAt: number) => ({
    sessionId: `ses_${index % CUSTOMERS}`,
    openedAt: NOON - 60,
    lastInboundAt,
    expiresAt: expiresAtOf(lastInboundAt),
    phase: 'open',
  });
  const id = `m${index}`;
  const content = '{"type":"text","text":"Guten Tag"}';
  const message = { direction: 'inbound', id, at: at * 1_000, receivedAt: at * 1_000, content };
  return [
    aRecord(sessionKey(channel, customer), session(at - 1), session(at)),
    aRecord(messageKey({ channel, customer, atMs: at * 1_000, id }), undefined, message),
  ];
};

/** Customers who are counted in this month already. */
await putAll(
  { tableName, documents: toDocumentClient(dynamo) },
  Array.from({ length: CUSTOMERS }, (_, index) => memberKey({ channel, month: '2026-11' }, customerOf(index))),
);
const used = meter(dynamo);
const times: number[] = [];
for (let from = 0; from < CHANGES / 2; from += BATCH / 2) {
  const Records = Array.from({ length: BATCH / 2 }, (_, index) => aMessage(from + index)).flat();
  const started = performance.now();
  const { batchItemFailures } = await handler({ Records });
  if (batchItemFailures.length > 0) throw new Error('a batch failed');
  times.push(performance.now() - started);
}
const messages = (times.length * BATCH) / 2;
const stream: Stream = {
  batch: BATCH,
  putEventsMs: PUT_EVENTS_MS,
  putEvents: calls / times.length,
  times,
  changes: times.length * BATCH,
  message: {
    events: events / messages,
    readUnits: (used.units - used.writeUnits) / messages,
    writeUnits: used.writeUnits / messages,
  },
};
process.send?.(stream, () => process.exit(0));
