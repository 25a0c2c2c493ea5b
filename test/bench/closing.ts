import { randomUUID } from 'node:crypto';
import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { duePlace } from '../../functions/shared/store/due/due-bucket.ts';
import { createDynamoClient, type Table, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { MAX_KEYS, readBatch } from '../../functions/shared/store/dynamo/read-items.ts';
import { sessionKey } from '../../functions/shared/store/keys.ts';
import { createSessionsStore } from '../../functions/shared/store/sessions-store.ts';
import { createSessionsTable, LOCAL_ENGINE, localClient, startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { aStoredSession, itsCustomer, putAll } from '../support/closing.ts';
import { median, row } from './support.ts';

/**
 * What a page of the sessions that close soon takes, by how many sessions are open, spread evenly over a day; those of the
 * last seconds have ended and wait for the sweep. Of the largest number only the slots that are looked at are filled.
 */
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const MOST_FILLED = 100_000;
const HOUR = 3_600;
const DAY = 86_400;
const NOT_SWEPT_SECONDS = 70;
const LIMIT = 20;
const RUNS = 9;

const channel = 'support';
/** The last second but one of a slot, when most of what stands in it has ended; three seconds later the next has begun. */
const SLOT_ENDS = 298;
const SLOT_BEGUN = 301;

interface Used {
  requests: number;
  units: number;
}

/** The least that DynamoDB charges for a query; its local version says nothing where nothing is found. */
const LEAST_UNITS = 0.5;

/** Counts what goes over the wire, and the read units that it takes. */
const meter = (client: DynamoDBClient): Used => {
  const used = { requests: 0, units: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const answer = await next(args);
      const { ConsumedCapacity: consumed = [] } = answer.output as {
        ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
      };
      used.requests += 1;
      for (const { CapacityUnits = 0 } of [consumed].flat()) used.units += Math.max(LEAST_UNITS, CapacityUnits);
      return answer;
    },
    { step: 'initialize', name: 'meter' },
  );
  return used;
};

const isLookedAt = (second: number): boolean => second < HOUR + 600 || (second >= DAY / 2 && second < DAY / 2 + 600);

const sessionAt = (index: number, open: number) => ({
  channel,
  // Names do not follow the order of the ends.
  customer: CustomerKey.parse(`+1650${1_000_000 + ((index * 7_919) % 8_999_999)}`),
  expiresAt: NOON_SECONDS + SLOT_ENDS - NOT_SWEPT_SECONDS + Math.floor((index * DAY) / open),
});

const fill = async (table: Table, open: number): Promise<void> => {
  const CHUNK = 5_000;
  for (let from = 0; from < open; from += CHUNK) {
    const sessions = Array.from({ length: Math.min(CHUNK, open - from) }, (_, index) => sessionAt(from + index, open));
    const filled = sessions.filter(({ expiresAt }) => open <= MOST_FILLED || isLookedAt(expiresAt - NOON_SECONDS));
    await putAll(
      table,
      filled.flatMap((session) => [aStoredSession(session), itsCustomer(session)]),
    );
  }
};

const timed = async (act: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await act();
  return performance.now() - started;
};

const measure = async (endpoint: string, open: number) => {
  const tableName = `bench-${randomUUID()}`;
  await createSessionsTable(localClient(endpoint), tableName);
  const raw = { documents: toDocumentClient(localClient(endpoint)), tableName };
  await fill(raw, open);
  const client = createDynamoClient({ ...LOCAL_ENGINE, endpoint });
  const used = meter(client);
  const store = createSessionsStore({ documents: toDocumentClient(client), tableName });
  const keys = Array.from({ length: MAX_KEYS }, (_, index) => sessionKey(channel, sessionAt(index, open).customer));
  /** What the machine can do at that moment: one read of a hundred sessions. */
  const oneRead = () => timed(() => readBatch(raw, keys));

  const often = async (act: () => Promise<number>) => {
    Object.assign(used, { requests: 0, units: 0 });
    const found = await act();
    const { requests, units } = used;
    const times: number[] = [];
    const ratios: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const reading = await oneRead();
      const ms = await timed(act);
      times.push(ms);
      ratios.push((2 * ms) / (reading + (await oneRead())));
    }
    return { found, requests, units, ms: median(times), ratio: median(ratios) };
  };
  const page = (second: number, withinSeconds: number, after?: string) => async () =>
    (await store.listClosing({ channel, now: secondsAfterNoon(second), withinSeconds, limit: LIMIT, after })).sessions
      .length;
  const deep = duePlace({ dueAt: NOON_SECONDS + DAY / 2, customer: CustomerKey.parse('+16505') });
  return {
    'first page, slot just begun': await often(page(SLOT_BEGUN, HOUR)),
    'first page, slot about to end': await often(page(SLOT_ENDS, HOUR)),
    'page twelve hours deep': await often(page(SLOT_BEGUN, DAY, deep)),
    'count of the next hour': await often(() =>
      store.countClosing({ channel, now: secondsAfterNoon(SLOT_BEGUN), withinSeconds: HOUR }),
    ),
    'a day in which nothing stands': await often(page(10 * DAY, DAY)),
  };
};

row('', 'open sessions', 'found', 'requests', 'read units', 'median ms', 'to one read');
for (const open of SIZES) {
  const dynamoDb = await startDynamoDb();
  try {
    for (const [name, { found, requests, units, ms, ratio }] of Object.entries(await measure(dynamoDb.endpoint, open)))
      row(
        name,
        open.toLocaleString('en'),
        String(found),
        String(requests),
        String(units),
        ms.toFixed(1),
        ratio.toFixed(1),
      );
  } finally {
    dynamoDb.stop();
  }
}
