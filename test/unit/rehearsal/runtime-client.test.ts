import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runtimeClient } from '../../rehearsal/lambda/runtime-client.ts';

/** A package without a lockfile, which npm refuses to install, with a compiled client of that version in it. */
const aPackage = (wanted: string, compiled?: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-client-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { 'aws-lambda-ric': wanted } }));
  if (compiled === undefined) return folder;
  const client = join(folder, 'node_modules', 'aws-lambda-ric');
  mkdirSync(client, { recursive: true });
  writeFileSync(join(client, 'package.json'), JSON.stringify({ version: compiled }));
  writeFileSync(join(client, 'rapid-client.node'), '');
  return folder;
};

describe('Lambda’s runtime client', () => {
  it('is compiled once and kept', () => {
    const report = vi.fn<(sentence: string) => void>();
    const folder = aPackage('4.0.2', '4.0.2');

    expect(runtimeClient(report, folder)).toEqual([
      process.execPath,
      join(folder, 'node_modules', 'aws-lambda-ric', 'index.mjs'),
    ]);
    expect(report).not.toHaveBeenCalled();
  });

  it.each([
    ['it is not compiled', undefined],
    ['another version is compiled', '4.0.1'],
  ])('is compiled when %s, and says what that needs where it fails', (_, compiled) => {
    expect(() => runtimeClient(() => {}, aPackage('4.0.2', compiled))).toThrow(
      /aws-lambda-ric\) cannot be built: it needs Linux, cmake, make, a C\+\+ compiler and Python 3\. The build ends with:\n[\s\S]*npm/,
    );
  });
});
