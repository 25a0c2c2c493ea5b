import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROOT } from './synthesize.ts';

const PACKAGE = join(ROOT, 'functions/client');
const Manifest = z.looseObject({ dependencies: z.record(z.string(), z.string()) });
const Packed = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);

const manifestOf = (folder: string) => Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));

/** A program of a user, which compiles only if the types of the package are right. */
const PROGRAM = `import { createCareWindow, pages, ProblemError, sigv4, unwrap } from '@carewindow/client';

const careWindow = createCareWindow({
  baseUrl: 'https://api.example.com',
  authorize: sigv4('eu-central-1', async () => ({ accessKeyId: 'a', secretAccessKey: 's' })),
  fetch: async (request) => {
    if (!request.headers.has('authorization')) throw new Error('the call is not signed');
    return request.method === 'POST'
      ? Response.json({ id: 'msg_1', status: 'sent' }, { status: 201 })
      : Response.json({ code: 'unknown_message', detail: 'No such message' }, { status: 404 });
  },
});
const body = { channel: 'support', to: '+15551234567', content: { type: 'text' as const, text: 'Hi' } };
const sent = await unwrap(careWindow.POST('/v1/messages', { body }));
const status: 'sent' | 'held' | 'in_doubt' | 'delivered' | 'read' | 'played' = sent.status;
// @ts-expect-error the body is required
const without = () => careWindow.POST('/v1/messages');
// @ts-expect-error the path has no such method
const other = () => careWindow.PUT('/v1/messages');
const templates = async (channel: string) => {
  for await (const page of pages((query) =>
    careWindow.GET('/v1/channels/{channel}/templates', { params: { path: { channel }, query } }),
  )) {
    const names: string[] = page.templates.map(({ name }) => name);
    if (names.length > 0) return names;
  }
  return [];
};
const fault = await unwrap(careWindow.GET('/v1/messages/{id}', { params: { path: { id: 'msg_2' } } })).catch(
  (error: unknown) => (error instanceof ProblemError ? error.problem.code : 'no problem'),
);
const unused = [without, other, templates].length;
export const said: string = [sent.id, status, fault, unused].join(' ');
`;

describe('the package of the client', () => {
  let folder = '';
  let installed = '';
  let files: readonly string[] = [];

  beforeAll(() => {
    mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
    folder = mkdtempSync(join(ROOT, 'node_modules/.cache/client-package-'));
    const pack = spawnSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: PACKAGE, encoding: 'utf8' });
    expect(pack.status, pack.stderr + pack.stdout).toBe(0);
    // The output of its own script comes first.
    const [packed] = Packed.parse(JSON.parse(pack.stdout.slice(pack.stdout.indexOf('[\n'))));
    files = packed.files.map(({ path }) => path);
    installed = join(folder, 'node_modules/@carewindow/client');
    mkdirSync(installed, { recursive: true });
    spawnSync('tar', ['-xzf', join(folder, packed.filename), '-C', installed, '--strip-components=1']);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the compiled client, its types and its README, and no source', () => {
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'dist/client.js', 'dist/client.d.ts']));
    expect(files.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
    expect(files.filter((path) => path.endsWith('.tsbuildinfo'))).toEqual([]);
  });

  it('cannot be published by mistake, and names no licence before the owner does', () => {
    const manifest = manifestOf(installed);

    expect(manifest).toMatchObject({ private: true });
    expect(manifest).not.toHaveProperty('license');
  });

  it('depends on exactly what this repository tests it with', () => {
    const root: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const { devDependencies } = z.object({ devDependencies: z.record(z.string(), z.string()) }).parse(root);

    for (const [name, version] of Object.entries(manifestOf(installed).dependencies))
      expect(version, name).toBe(devDependencies[name]);
  });

  it('compiles in a strict program that uses it as its README says, and runs there', () => {
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      outDir: 'out',
      module: 'nodenext',
      target: 'es2024',
      lib: ['es2024', 'dom'],
      types: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));

    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
    });
    const show = "const { said } = await import('./out/program.js'); console.log(said)";
    const shown = spawnSync(process.execPath, ['--input-type=module', '--eval', show], {
      cwd: folder,
      encoding: 'utf8',
    });

    expect(stdout).toBe('');
    expect(shown.stdout, shown.stderr).toBe('msg_1 sent unknown_message 3\n');
  });
});
