import { describe, expect, it } from 'vitest';
import { buildConsolePage } from '../../infra/build/console-page.ts';

type Files = ReadonlyMap<string, Uint8Array | string>;

const textOf = (files: Files, path: string): string => Buffer.from(files.get(path) ?? '').toString('utf8');

/** What the browser loads before it shows something: the document, and all that it names. */
const firstLoad = (files: Files): readonly string[] => {
  const named = textOf(files, 'index.html').matchAll(/(?:src|href)="\/console\/([^"]+)"/g);
  return ['index.html', ...Array.from(named, ([, path]) => path ?? '')];
};

const [deployed, local] = await Promise.all([buildConsolePage('aws'), buildConsolePage('local')]);

describe('the built console', () => {
  it('loads every file by a name with its hash', () => {
    expect(firstLoad(deployed).length).toBeGreaterThan(2);
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
