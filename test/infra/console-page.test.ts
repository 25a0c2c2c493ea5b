import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildConsolePage } from '../../infra/build/console-page.ts';

const MAX_FIRST_LOAD_BYTES = 120_000;

type Files = ReadonlyMap<string, Uint8Array | string>;

const textOf = (files: Files, path: string): string => Buffer.from(files.get(path) ?? '').toString('utf8');

/** What the browser loads before it shows something: the document, and all that it names. */
const firstLoad = (files: Files): readonly string[] => {
  const named = textOf(files, 'index.html').matchAll(/(?:src|href)="\/console\/([^"]+)"/g);
  return ['index.html', ...Array.from(named, ([, path]) => path ?? '')];
};

const [deployed, local] = await Promise.all([buildConsolePage('aws'), buildConsolePage('local')]);

describe('the built console', () => {
  it('loads at most 120 kB before it shows something, every file by a name with its hash', () => {
    const paths = firstLoad(deployed);

    const bytes = paths.map((path) => gzipSync(deployed.get(path) ?? '', { level: 9 }).length);

    expect(paths.length).toBeGreaterThan(2);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_FIRST_LOAD_BYTES);
    for (const path of deployed.keys())
      if (path !== 'index.html') expect(path).toMatch(/^assets\/[\w-]+-[\w-]{8}\.(?:js|css)$/);
  });

  it('contains nothing of the local run when it is deployed', () => {
    const contents = (files: Files) => [...files.keys()].map((path) => textOf(files, path)).join('\n');

    expect(contents(local)).toContain('/_local/');
    expect(contents(deployed)).not.toMatch(/_local|local-panels|time-bar|phone-panel/);
  });

  it('runs without inline scripts, inline styles and other origins', () => {
    const html = textOf(deployed, 'index.html');

    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
    for (const [, origin] of html.matchAll(/(?:src|href)="(https?:[^"]*)"/g)) expect(origin).toBeUndefined();
  });

  it('is built for production', () => {
    expect(textOf(deployed, firstLoad(deployed).find((path) => path.endsWith('.js')) ?? '')).not.toMatch(
      /jsxDEV|react-dom\.development/,
    );
  });
});
