import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleModule } from '../../infra/build/bundle.ts';

const PROGRAM = join(import.meta.dirname, 'sdk-calls.ts');
const ITEM = { pk: { S: 'one' }, at: { N: '1' } };
const CREATED = 1_795_000_000.125;

const fault = (name: string, more: object = {}): readonly [number, object] => [
  400,
  { __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...more },
];

const REASONS = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: ITEM }];

/** What the service answers to the calls of the program, in their order. */
const ANSWERS: readonly (readonly [number, object])[] = [
  fault('ConditionalCheckFailedException', { Item: ITEM }),
  fault('TransactionCanceledException', { CancellationReasons: REASONS }),
  fault('TableNotFoundException', { message: 'no such table' }),
  fault('ProvisionedThroughputExceededException'),
  [200, { Item: ITEM }],
  [200, { SecretString: 'value', CreatedDate: CREATED }],
];

const folder = mkdtempSync(join(tmpdir(), 'carewindow-sdk-'));
const bundled = join(folder, 'sdk-calls.mjs');
let answered = 0;
const service = createServer((_, response) => {
  const [status, body] = ANSWERS[answered++ % ANSWERS.length] ?? [500, {}];
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
});

const run = async (program: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> => {
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const { stdout } = await promisify(execFile)(process.execPath, [program, url], { env });
  return JSON.parse(stdout);
};

beforeAll(async () => {
  await bundleModule(PROGRAM, bundled);
  await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening));
});
afterAll(() => {
  service.close();
  rmSync(folder, { recursive: true });
});

it('finds the endpoints, reads the answers and repeats the calls as the whole SDK does', async () => {
  const { endpoints, ...calls } = (await run(bundled)) as { endpoints: string[][] };

  expect({ endpoints, ...calls }).toEqual(await run(PROGRAM));
  expect(calls).toEqual({
    item: ITEM,
    reasons: REASONS,
    missing: ['TableNotFoundException', 'no such table'],
    repeated: [ITEM, 2],
    secret: ['value', new Date(CREATED * 1_000).toISOString()],
  });
  expect(endpoints[0]).toEqual([
    'eu-west-1',
    'https://dynamodb.eu-west-1.amazonaws.com/',
    'https://events.eu-west-1.amazonaws.com/',
    'https://secretsmanager.eu-west-1.amazonaws.com/',
    'https://sqs.eu-west-1.amazonaws.com/',
  ]);
});

it.each([
  ['AWS_USE_FIPS_ENDPOINT', 'true'],
  ['AWS_USE_DUALSTACK_ENDPOINT', 'true'],
  ['AWS_RETRY_MODE', 'adaptive'],
])('refuses %s=%s, which the bundles leave out', async (name, value) => {
  await expect(run(bundled, { [name]: value })).rejects.toThrow(name);
});
