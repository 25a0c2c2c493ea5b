import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MessageContent, SessionContent } from '../../functions/shared/domain/content.ts';

/** A content as a caller sends it, and what goes over the wire, with the page of the vendor that says so. */
export interface Golden {
  readonly name: string;
  readonly source: string;
  readonly content: MessageContent;
  readonly [part: string]: unknown;
}

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

const readFixture = (path: string) => JSON.parse(readFileSync(join(FIXTURES, path), 'utf8'));

/** One fixture of a vendor. */
export const fixture = (vendor: string, name: string) => readFixture(join(vendor, `${name}.json`));

/** The fixtures of one vendor's wire formats. */
export const goldens = (vendor: string): readonly Golden[] => {
  const folder = join(vendor, 'send');
  return globSync('*.json', { cwd: join(FIXTURES, folder) })
    .sort()
    .map((file) => {
      const { content, ...golden } = readFixture(join(folder, file));
      return { ...golden, name: basename(file, '.json'), content: MessageContent.parse(content) };
    });
};

/** Every type that a send can have. */
export const CONTENT_TYPES: readonly string[] = [
  ...SessionContent.options.map(({ shape }) => shape.type.value),
  'template',
].sort();

/** What a value looks like on the wire: absent fields are not there. */
export const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
