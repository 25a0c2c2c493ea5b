import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { duePlace, sweepKey } from '../../functions/shared/store/due/due-entry.ts';
import { type Table, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { MAX_KEYS, readBatch } from '../../functions/shared/store/dynamo/read-items.ts';
import { sessionKey } from '../../functions/shared/store/keys.ts';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { NOON, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { aStoredSession, itsCustomer, putAll } from '../support/closing.ts';
import { createSessionsStore } from '../support/sessions-store.ts';
import { createBenchTable } from './bench-table.ts';
import { meter } from './meter.ts';
import { median, printRow } from './support.ts';

/**
 * The cost of a page of the sessions that close soon, by the number of open sessions. Their ends are spread evenly over a
 * day; the earliest have ended and wait for the sweep. Of the largest number only what is read is filled.
 */
const SIZES = [50, 1_000, 10_000, 100_000];
const MOST_FILLED = 100_000;
const HOUR = 3_600;
const DAY = 86_400;
const NOT_SWEPT_SECONDS = 70;
const OVERLAP = 120;
const LIMIT = 20;
const RUNS = 9;

const channel = 'support';

const isRead = (second: number): boolean => second < HOUR + 600 || (second >= DAY / 2 && second < DAY / 2 + 600);

const sessionAt = (index: number, open: number) => ({
  channel,
  // The order of the customers differs from the order of the ends.
  customer: CustomerKey.parse(`+1650${1_000_000 + ((index * 7_919) % 8_999_999)}`),
  expiresAt: NOON_SECONDS + Math.floor((index * DAY) / open),
});

/** How far a sweep at noon has come. */
const CURSORS = [
  { ...sweepKey('closed', channel), sweptUntil: NOON_SECONDS },
  { ...sweepKey('exact', channel), sweptUntil: NOON_SECONDS + HOUR - OVERLAP },
];

const fill = async (table: Table, open: number): Promise<void> => {
  await putAll(table, CURSORS);
  const CHUNK = 5_000;
  for (let from = 0; from < open; from += CHUNK) {
    const sessions = Array.from({ length: Math.min(CHUNK, open - from) }, (_, index) => sessionAt(from + index, open));
    const filled = sessions.filter(({ expiresAt }) => open <= MOST_FILLED || isRead(expiresAt - NOON_SECONDS));
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
  const table = await createBenchTable(endpoint);
  await fill(table, open);
  const used = meter(table.dynamo);
  const store = createSessionsStore({ ...table, documents: toDocumentClient(table.dynamo) });
  const keys = Array.from({ length: MAX_KEYS }, (_, index) => sessionKey(channel, sessionAt(index, open).customer));
  /** The yardstick on this machine: one read of a hundred sessions. */
  const oneRead = () => timed(() => readBatch(table, keys));

  const repeat = async (act: () => Promise<number>) => {
    Object.assign(used, { requests: 0, units: 0, writeUnits: 0 });
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
  const page =
    (second: number, more: Partial<Parameters<typeof store.listClosing>[0]> = {}) =>
    async () => {
      const asked = { channel, now: secondsAfterNoon(second), withinSeconds: HOUR, limit: LIMIT, ...more };
      return (await store.listClosing(asked)).sessions.length;
    };
  const deep = duePlace({ dueAt: NOON_SECONDS + DAY / 2, customer: CustomerKey.parse('+16505') });
  return {
    'first page, just swept': await repeat(page(0)),
    'first page, not swept for 70 s': await repeat(page(NOT_SWEPT_SECONDS)),
    'page twelve hours deep': await repeat(page(0, { withinSeconds: DAY, after: deep })),
    'first hundred of a day': await repeat(page(0, { withinSeconds: DAY, limit: 100 })),
    'count of the next hour': await repeat(() =>
      store.countClosing({ channel, now: NOON, withinSeconds: HOUR - OVERLAP }),
    ),
    'a day without sessions': await repeat(page(0, { withinSeconds: DAY, channel: 'quiet' })),
  };
};

printRow('', 'open sessions', 'found', 'requests', 'read units', 'median ms', 'to one read');
for (const open of SIZES) {
  const dynamoDb = await startDynamoDb();
  try {
    for (const [name, { found, requests, units, ms, ratio }] of Object.entries(await measure(dynamoDb.endpoint, open)))
      printRow(
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
