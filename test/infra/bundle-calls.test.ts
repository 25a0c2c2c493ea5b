import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { bundleFunction } from '../../infra/build/bundle.ts';
import { aStage } from './synthesize.ts';

const outDir = mkdtempSync(join(tmpdir(), 'carewindow-bundle-'));
const operations: (string | undefined)[] = [];
/** A DynamoDB whose table is empty. */
const dynamo = createServer((request, response) => {
  operations.push(request.headers['x-amz-target']?.toString());
  response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
});
afterAll(() => {
  dynamo.close();
  rmSync(outDir, { recursive: true });
});

const EVENT = {
  routeKey: 'GET /v1/messages/{id}',
  rawQueryString: '',
  headers: {},
  pathParameters: { id: 'msg_01JD0Y6Q9RXH3V5T8K2M4N6P7S' },
  requestContext: { requestId: 'one', http: { method: 'GET', path: '/v1/messages/msg_01JD0Y6Q9RXH3V5T8K2M4N6P7S' } },
};

it('a bundle answers a call from the table: what it leaves out is not needed', async () => {
  await bundleFunction('sessions-api', outDir);
  writeFileSync(join(outDir, 'config.json'), JSON.stringify(aStage().whatsapp));
  await new Promise<void>((listening) => dynamo.listen(0, '127.0.0.1', listening));
  const call = `const { handler } = await import(${JSON.stringify(pathToFileURL(join(outDir, 'index.mjs')))});
    const { statusCode, body } = await handler(${JSON.stringify(EVENT)}, {});
    process.stderr.write(statusCode + ' ' + JSON.parse(body).code);`;

  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', call], {
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(dynamo.address() as AddressInfo).port}`,
      STAGE: 'production',
      TABLE_NAME: 'sessions',
      DELIVERY_QUEUE_URL: '',
      CONFIG_FILE: join(outDir, 'config.json'),
    },
  });

  expect(stderr).toBe('404 unknown_message');
  expect(operations).toEqual(['DynamoDB_20120810.GetItem']);
});
