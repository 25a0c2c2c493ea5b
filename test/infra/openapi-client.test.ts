import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTypes from 'openapi-typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const DOCUMENT = new URL('../../docs/openapi.json', import.meta.url);
const ROOT = new URL('../../', import.meta.url).pathname;

/** Calls of a client whose types are generated from the OpenAPI document, and whether they compile. */
const CALLS = {
  whole: {
    call: "client.POST('/v1/messages', { body: { channel: 'support', to: '+15551234567', content: { type: 'text', text: 'Hi' } } })",
    compiles: true,
  },
  'without a body': { call: "client.POST('/v1/messages')", compiles: false },
  'with an empty body': { call: "client.POST('/v1/messages', { body: {} })", compiles: false },
  'with an unknown field': {
    call: "client.POST('/v1/messages', { body: { channel: 'a', to: 'b', content: { type: 'text', text: 'Hi', colour: 'red' } } })",
    compiles: false,
  },
  'with a URL': {
    call: "client.POST('/v1/messages', { body: { channel: 'a', to: 'b', content: { type: 'image', url: 'https://x' } } })",
    compiles: true,
  },
  'with a URL and a media id': {
    call: "client.POST('/v1/messages', { body: { channel: 'a', to: 'b', content: { type: 'image', url: 'https://x', mediaId: '1' } } })",
    compiles: false,
  },
  'with neither URL nor media id': {
    call: "client.POST('/v1/messages', { body: { channel: 'a', to: 'b', content: { type: 'image' } } })",
    compiles: false,
  },
  'of consent without a body': {
    call: "client.PUT('/v1/channels/{channel}/customers/{customer}/consent', { params: { path: { channel: 'a', customer: 'b' } } })",
    compiles: false,
  },
  'with a method that the path does not have': { call: "client.GET('/v1/messages')", compiles: false },
} as const;

const head = `import createClient from 'openapi-fetch';
import type { paths } from './openapi.d.ts';
const client = createClient<paths>({ baseUrl: 'http://127.0.0.1:8080' });
export const call = () => `;

describe('a client generated from docs/openapi.json', () => {
  let folder = '';
  let errors = '';
  const files = new Map(Object.keys(CALLS).map((name, index) => [name, `call-${index}.ts`]));

  beforeAll(async () => {
    mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
    folder = mkdtempSync(join(ROOT, 'node_modules/.cache/client-'));
    writeFileSync(join(folder, 'openapi.d.ts'), await openapiTypes(DOCUMENT));
    for (const [name, { call }] of Object.entries(CALLS))
      writeFileSync(join(folder, files.get(name) ?? ''), `${head}${call};\n`);
    const options = { strict: true, noEmit: true, skipLibCheck: true, module: 'nodenext', lib: ['es2024', 'dom'] };
    const compilerOptions = { ...options, types: [], allowImportingTsExtensions: true };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    errors = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.entries(CALLS))(
    'openapi-required-body: compiles a call %s only if it is right',
    (name, { compiles }) => {
      const file = `${files.get(name)}(`;
      const own = errors.split('\n').filter((line) => line.startsWith(file));

      expect(own.length === 0, own.join('\n')).toBe(compiles);
      expect(errors).not.toMatch(/^(?!call-)\S+\(/m);
    },
  );
});
