import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aLocalService } from '../../support/local.ts';

const ROOT = new URL('../../../', import.meta.url);
const textOf = (page: URL): string => readFileSync(page, 'utf8');
const README = textOf(new URL('README.md', ROOT));
const PAGES = ['README.md', ...readdirSync(new URL('docs/', ROOT)).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
);
const CURL =
  /^curl -s(?: -X (?<method>[A-Z]+))? '?http:\/\/127\.0\.0\.1:8080(?<path>[^\s']+)'?(?: -d '(?<body>[^']+)')?(?: # (?<expected>.+))?$/;

interface Step {
  readonly line: string;
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly expected: readonly string[];
}

const toStep = (line: string): Step => {
  const found = CURL.exec(line)?.groups;
  if (found === undefined) throw new Error(`not a line this test can run: ${line}`);
  const { method, path = '', body, expected = '' } = found;
  return { line, method: method ?? (body === undefined ? 'GET' : 'POST'), path, body, expected: expected.split(' ') };
};

/** The anchors that GitHub gives the headings of a page. */
const anchorsOf = (page: URL): readonly string[] =>
  Array.from(textOf(page).matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

interface Link {
  readonly text: string;
  readonly page: URL;
  readonly anchor: string | undefined;
}

/** The links of a page within this repository. */
const linksOf = (path: string): readonly Link[] => {
  const from = new URL(path, ROOT);
  return Array.from(textOf(from).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g), ([text, to = '', anchor]) => ({
    text,
    page: to === '' ? from : new URL(to, from),
    anchor,
  }));
};

/** The curl lines of each block of the README. */
const BLOCKS = Array.from(README.matchAll(/```sh\n([\s\S]*?)```/g), ([, block = '']) =>
  block.split('\n').filter((line) => line.startsWith('curl ')),
)
  .filter((lines) => lines.length > 0)
  .map((lines) => lines.map(toStep));

const STORIES = BLOCKS.filter(([first]) => first?.expected[0] !== '');

/** The events of a session's life, as the story promises them. */
const [, promised = ''] = /last two lines show its events in order \(([^;]+);/.exec(README) ?? [];
const PROMISED = Array.from(promised.matchAll(/`([^`]+)`/g), ([, type]) => type);

const typesIn = (events: readonly Record<string, string>[]) => [
  ...new Set(events.map((event) => event['detail-type'])),
];

describe('the README', () => {
  it('promises the events of a session', () => {
    expect(PROMISED).toHaveLength(5);
  });

  it('tells four stories beside the first run', () => {
    expect(STORIES).toHaveLength(4);
    expect(BLOCKS).toHaveLength(5);
  });

  it.each(BLOCKS.map((steps) => [steps.at(-1)?.line, steps] as const))(
    'says what each line answers, up to %s',
    async (_, steps) => {
      const service = await aLocalService();
      for (const { line, method, path, body, expected } of steps) {
        const answer = await service.call(method, path, body === undefined ? {} : { body });

        if (path === '/_local/events' && method === 'GET') expect(typesIn(answer.body.events)).toEqual(PROMISED);
        const [status, word, nextAction] = expected;
        if (status === undefined || status === '') {
          expect([200, 201, 409], line).toContain(answer.status);
          continue;
        }
        expect(String(answer.status), line).toBe(status);
        if (word !== undefined) expect([answer.body.code, answer.body.status, answer.body.state], line).toContain(word);
        if (nextAction !== undefined) expect(answer.body.nextAction, line).toBe(nextAction);
      }
    },
  );
});

describe('the links of the documentation', () => {
  it.each(PAGES)('lead from %s to what is there', (path) => {
    for (const { text, page, anchor } of linksOf(path)) {
      expect(existsSync(page), text).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(page), text).toContain(anchor);
    }
  });

  it('are many', () => {
    expect(PAGES.flatMap(linksOf).length).toBeGreaterThan(40);
  });
});
