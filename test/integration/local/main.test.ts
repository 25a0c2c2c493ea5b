import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../infra/local/dynamodb-local.ts';
import { BUILT_IN } from '../../../infra/shared/local-configuration.ts';
import { localClient } from '../../../infra/shared/local-engine.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { eventually } from '../../support/eventually.ts';
import { callHttp } from '../../support/local.ts';

/** `npm start` as a process of its own. */
const aRun = (env: Record<string, string>) => {
  const child = spawn(process.execPath, ['infra/local/main.ts'], { env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended, output: () => output };
};

const isUp = (url: string) => eventually(async () => expect((await callHttp('GET', url)).status).toBe(200));

const CURL = /^ {2}curl -sw '\\n' (\S+)(?: -d '(.+)')?$/gm;
const paste = ([, url = '', body]: RegExpMatchArray) =>
  body === undefined ? callHttp('GET', url) : callHttp('POST', url, { body });

const aFile = (content: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config.json');
  writeFileSync(path, content);
  return path;
};

describe('npm start', () => {
  it('prints lines that work when pasted, and ends its child processes', async () => {
    const port = await freePort();
    const { child, ended, output } = aRun({ PORT: String(port), AWS_ENDPOINT_URL_DYNAMODB: '' });
    await isUp(`http://127.0.0.1:${port}/_local/health`);
    await eventually(() => expect(output()).toContain('support-aws'));

    const answers = [];
    for (const line of output().matchAll(CURL)) answers.push(await paste(line));
    const table = /its table is at (\S+)/.exec(output())?.[1] ?? '';
    await callHttp('GET', table);
    child.kill('SIGTERM');

    expect(answers.map(({ status }) => status)).toEqual([
      200, 200, 201, 200, 409, 200, 200, 201, 200, 409, 200, 200, 201, 200, 409,
    ]);
    expect(answers[4]?.body).toMatchObject({ code: 'window_closed' });
    expect(output()).toMatch(
      /^Waiting for DynamoDB Local to start …\nReading the templates of the providers …\nCareWindow listens on /,
    );
    expect(output()).toMatch(
      /^Simulated Meta: http:\/\/127\.0\.0\.1:\d+\nSimulated Sinch: http:\/\/127\.0\.0\.1:\d+\nSimulated AWS End User Messaging Social: http:\/\/127\.0\.0\.1:\d+$/m,
    );
    // The handlers log nothing, so that the lines to paste remain the last.
    expect(output()).toMatch(/\n {2}curl -sw '\\n' \S+\/v1\/messages -d '[^\n]+'\n\n$/);
    expect(await ended).toBe(0);
    await eventually(() => expect(callHttp('GET', table)).rejects.toThrow());
    expect(output()).not.toMatch(/local-(app-secret|verify-token|access-token|key-secret|sinch-secret|secret-key)/);
  });

  it('uses the given DynamoDB and configuration', async () => {
    const port = await freePort();
    const [account] = BUILT_IN.accounts;
    const configuration = { accounts: [account], channels: [{ ...BUILT_IN.channels[0], id: 'hotline' }] };
    const { child, ended, output } = aRun({
      PORT: String(port),
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint(),
      CAREWINDOW_CONFIG: aFile(JSON.stringify(configuration)),
    });
    await isUp(`http://127.0.0.1:${port}/_local/health`);
    await eventually(() => expect(output()).toContain(dynamoDbEndpoint()));

    child.kill('SIGINT');

    expect(output()).toContain('channel hotline');
    expect(output()).not.toContain('Sinch');
    expect(await ended).toBe(0);
    expect((await localClient(dynamoDbEndpoint()).send(new ListTablesCommand({}))).TableNames).toContain('sessions');
  });

  it('logs what the handlers do when LOG_LEVEL asks for it', async () => {
    const port = await freePort();
    const { output } = aRun({
      PORT: String(port),
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint(),
      LOG_LEVEL: 'info',
    });
    await isUp(`http://127.0.0.1:${port}/_local/health`);

    await eventually(() => expect(output()).toContain('"template-sync.synced"'));
  });

  it('says which levels there are', async () => {
    const { ended, output } = aRun({ PORT: String(await freePort()), LOG_LEVEL: 'loud' });

    expect(await ended).toBe(1);
    expect(output()).toBe('LOG_LEVEL: "loud" is not one of debug, info, warn, error\n');
  });

  it('names the port that is taken before it starts DynamoDB Local', async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());

    const { ended, output } = aRun({ PORT: String(port), AWS_ENDPOINT_URL_DYNAMODB: '' });

    expect(await ended).toBe(1);
    expect(output()).toBe(`Port ${port} is taken: choose another one, as in PORT=8081 npm start\n`);
  });

  it('names the port that is taken', async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());

    const { ended, output } = aRun({
      PORT: String(port),
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint(),
    });

    expect(await ended).toBe(1);
    expect(output()).toBe(`Port ${port} is taken: choose another one, as in PORT=8081 npm start\n`);
  });

  it.each([
    ['{"accounts": [', /^The configuration is not JSON: \/\S+\/config\.json:1:15: CloseBracketExpected\n$/],
    ['{"accounts": [], "channels": []}', /^The configuration is not valid:\n {2}\/\S+\/config\.json:1:14: accounts: /],
  ])('says what is wrong with the configuration %s', async (content, message) => {
    const { ended, output } = aRun({ CAREWINDOW_CONFIG: aFile(content) });

    expect(await ended).toBe(1);
    expect(output()).toMatch(message);
  });

  it.each(['http://127.0.0.1:9', 'nowhere'])('says that no DynamoDB answers at %s', async (endpoint) => {
    const { ended, output } = aRun({ PORT: String(await freePort()), AWS_ENDPOINT_URL_DYNAMODB: endpoint });

    expect(await ended).toBe(1);
    expect(output()).toBe(`Waiting for DynamoDB at ${endpoint} …\nNo DynamoDB answers at ${endpoint}\n`);
  });

  it.each(['eighty', '70000', '-1'])('says that %s is no port', async (port) => {
    const { ended, output } = aRun({ PORT: port });

    expect(await ended).toBe(1);
    expect(output()).toBe(`PORT: "${port}" is no port: give a number from 1 to 65535\n`);
  });
});
