import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MessageContent, SessionContent } from '../../functions/shared/domain/content.ts';
import type { InboundContent } from '../../functions/shared/domain/inbound.ts';

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

const namesIn = (folder: string): readonly string[] =>
  globSync('*.json', { cwd: join(FIXTURES, folder) })
    .sort()
    .map((file) => basename(file, '.json'));

/** The fixtures of one vendor's wire formats. */
export const goldens = (vendor: string): readonly Golden[] =>
  namesIn(join(vendor, 'send')).map((name) => {
    const { content, ...golden } = fixture(join(vendor, 'send'), name);
    return { ...golden, name, content: MessageContent.parse(content) };
  });

/** A customer's answer as the vendor delivers it, and what is read from it. */
export interface GoldenAnswer {
  readonly name: string;
  readonly source: string;
  readonly content: InboundContent;
  readonly replyTo?: string;
  readonly [part: string]: unknown;
}

/** The fixtures of what one vendor delivers. */
export const goldenAnswers = (vendor: string): readonly GoldenAnswer[] =>
  namesIn(join(vendor, 'receive')).map((name) => ({ ...fixture(join(vendor, 'receive'), name), name }));

/** Every type that a send can have. */
export const CONTENT_TYPES: readonly string[] = [
  ...SessionContent.options.map(({ shape }) => shape.type.value),
  'template',
].sort();

/** What a value looks like on the wire: absent fields are not there. */
export const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
