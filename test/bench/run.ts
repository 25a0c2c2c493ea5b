import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFunction, LAMBDAS } from '../../infra/build/bundle.ts';
import { startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { inOwnProcess, median, printRow } from './support.ts';

const IMPORTS = 15;
const worker = (name: string): string => join(import.meta.dirname, `${name}.worker.ts`);
const rounded = (value: number, digits = 0): string => value.toFixed(digits);
const mib = (bytes: number): string => `${rounded(bytes / 1024 / 1024)} MiB`;

const folder = mkdtempSync(join(tmpdir(), 'carewindow-bench-'));
const config = join(folder, 'config.json');
writeFileSync(
  config,
  JSON.stringify({
    accounts: [{ id: 'bench', provider: 'meta', wabaId: '1' }],
    channels: [{ id: 'bench', account: 'bench', phoneNumberId: '1' }],
  }),
);
/** The environment of a Lambda. */
const LAMBDA_ENV = {
  TABLE_NAME: 'sessions',
  DELIVERY_QUEUE_URL: 'deliveries',
  CONFIG_FILE: config,
  SECRET_PREFIX: 'CareWindow-bench/0',
  QUEUE_URL: 'deliveries',
  BUS_NAME: 'events',
  AWS_REGION: 'eu-central-1',
  NODE_OPTIONS: '',
};

const importTimes = async (bundle: string): Promise<number> => {
  const times: number[] = [];
  for (let run = 0; run < IMPORTS; run += 1)
    times.push(await inOwnProcess<number>(worker('import'), [bundle], LAMBDA_ENV));
  return median(times);
};

console.log(
  '\nBundles: bytes minified and gzipped; median of cold imports, as a ratio to a handler that does nothing\n',
);
const bare = join(folder, 'bare.mjs');
writeFileSync(bare, 'export const handler = async () => ({ statusCode: 200 });\n');
const bareMs = await importTimes(bare);
printRow('', 'bytes', 'gzipped', 'import', 'ratio');
printRow('bare handler', String(readFileSync(bare).length), '', `${rounded(bareMs, 1)} ms`, '1');
for (const name of LAMBDAS) {
  const out = join(folder, name);
  await bundleFunction(name, out);
  const bytes = readFileSync(join(out, 'index.mjs'));
  const importMs = await importTimes(join(out, 'index.mjs'));
  printRow(
    name,
    String(bytes.length),
    String(gzipSync(bytes).length),
    `${rounded(importMs, 1)} ms`,
    rounded(importMs / bareMs),
  );
}

/** Runs a worker on its own DynamoDB Local, so that no measurement has another's data. */
const onDynamoDb = async <T>(name: string): Promise<T> => {
  const dynamoDb = await startDynamoDb();
  try {
    return await inOwnProcess<T>(worker(name), [dynamoDb.endpoint]);
  } finally {
    dynamoDb.stop();
  }
};

try {
  const runs = await onDynamoDb<{ webhooks: number; raw: number }[]>('webhooks');
  console.log(
    '\nInbound: whole handler, against the same number of raw conditional writes on the same DynamoDB Local\n',
  );
  printRow('', 'webhooks/s', 'raw pairs/s', 'ratio');
  for (const [index, { webhooks, raw }] of runs.entries())
    printRow(`run ${index + 1}`, rounded(webhooks), rounded(raw), rounded(webhooks / raw, 2));
  printRow(
    'median',
    rounded(median(runs.map(({ webhooks }) => webhooks))),
    rounded(median(runs.map(({ raw }) => raw))),
    rounded(median(runs.map(({ webhooks, raw }) => webhooks / raw)), 2),
  );

  const batch = await onDynamoDb<{ bytes: number; times: number[]; idleBytes: number; peakBytes: number }>('batch');
  console.log('\nThe largest webhook: a thousand messages in one body\n');
  printRow('', 'body', 'median', 'idle memory', 'peak memory');
  printRow(
    '1,000 messages',
    mib(batch.bytes),
    `${rounded(median(batch.times))} ms`,
    mib(batch.idleBytes),
    mib(batch.peakBytes),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
