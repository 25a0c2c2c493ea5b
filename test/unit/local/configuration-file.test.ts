import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { BUILT_IN, parseConfiguration, readConfiguration } from '../../../infra/shared/local-configuration.ts';

let file: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  file = join(folder, 'config.json');
});

const read = (text: string) => {
  writeFileSync(file, text);
  const { value, placeOf } = readConfiguration(file);
  return parseConfiguration(value, placeOf);
};

const VALID = JSON.stringify(BUILT_IN, undefined, 2);

describe('a configuration file', () => {
  it('may begin with a byte order mark', () => {
    expect(read(`\uFEFF${VALID}`).channels).toHaveLength(BUILT_IN.channels.length);
  });

  it.each([
    ['a missing comma', '{\n  "accounts": []\n  "channels": []\n}', '3:3'],
    ['a comma too many', '{\r\n  "accounts": [],\r\n}', '3:1'],
    ['a comment', '{\n  // hush-hush\n}', '2:3'],
    ['nothing', '', '1:1'],
    ['an end too early', '{\n  "accounts": [', '2:16'],
    ['a key without quotes', '{ hush-hush: 1 }', '1:3'],
  ])('with %s is refused with file, line and column, without its content', (_, text, place) => {
    expect(() => read(text)).toThrow(`${file}:${place}`);
    expect(() => read(text)).not.toThrow('hush-hush');
  });

  it('with a mistake is refused with file, line, column and path', () => {
    const text = VALID.replace('"102290129340398"', '"hush-hush"');
    const line = text.split('\n').findIndex((one) => one.includes('hush-hush')) + 1;

    expect(() => read(text)).toThrow(`${file}:${line}:17: accounts.0.wabaId: must be the digits`);
    expect(() => read(text)).not.toThrow('hush-hush');
  });

  it('that lacks a field is refused at the part that lacks it', () => {
    const text = VALID.replace(/\n {6}"wabaId".*/, '');

    expect(() => read(text)).toThrow(`${file}:3:5: accounts.0.wabaId`);
  });
});
