import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { aLocalService } from '../../support/local.ts';

const ROOT = new URL('../../../', import.meta.url);
const textOf = (page: URL): string => readFileSync(page, 'utf8');
const README = 'README.md';
const STORIES = 'docs/stories.md';
const pagesIn = (folder: string) =>
  readdirSync(new URL(folder, ROOT))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}${name}`);
const PAGES = ['', 'docs/', 'docs/adr/'].flatMap(pagesIn);
const CURL =
  /^curl -s -w '\\n'(?: -X (?<method>[A-Z]+))? '?http:\/\/127\.0\.0\.1:8080(?<path>[^\s']+)'?(?: -d '(?<body>[^']+)')?$/;

interface Step {
  readonly line: string;
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly expected: readonly string[];
}

const toStep = (line: string, answer: string): Step => {
  const found = CURL.exec(line)?.groups;
  if (found === undefined) throw new Error(`not a line this test can run: ${line}`);
  const { method, path = '', body } = found;
  return { line, method: method ?? (body === undefined ? 'GET' : 'POST'), path, body, expected: answer.split(' ') };
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

/** The links of a page to files of this repository. */
const linksOf = (path: string): readonly Link[] => {
  const from = new URL(path, ROOT);
  return Array.from(textOf(from).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g), ([text, to = '', anchor]) => ({
    text,
    page: to === '' ? from : new URL(to, from),
    anchor,
  }));
};

/** The blocks of commands of a page, each with the list of answers that follows it. */
const BLOCK = /```sh\n(?<commands>[^`]*)```\n+(?:[^\n`]+\n\n)?(?<answers>(?:\d+\. `\d{3}.*\n)*)/g;

const toSteps = ({ commands = '', answers = '' }: Record<string, string>): readonly Step[] => {
  const lines = commands.split('\n').filter((line) => line.startsWith('curl '));
  const expected = Array.from(answers.matchAll(/^(\d+)\. `([^`]+)`: \S/gm), ([, number, answer = '']) => ({
    number: Number(number),
    answer,
  }));
  if (expected.length !== lines.length)
    throw new Error(`${lines.length} commands, ${expected.length} answers: ${lines[0]}`);
  return lines.map((line, index) => {
    const { number, answer = '' } = expected[index] ?? {};
    if (number !== index + 1) throw new Error(`answer ${index + 1} has the number ${number}: ${line}`);
    return toStep(line, answer);
  });
};

const blocksOf = (path: string) =>
  Array.from(textOf(new URL(path, ROOT)).matchAll(BLOCK), ({ groups = {} }) => toSteps(groups)).filter(
    (steps) => steps.length > 0,
  );

const FIRST_RUN = blocksOf(README);
const STORY_BLOCKS = blocksOf(STORIES);

/** The events of a session's life, as the story promises them. */
const [, promised = ''] = /in this order: ((?:`[^`]+`(?:, )?)+)/.exec(textOf(new URL(STORIES, ROOT))) ?? [];
const PROMISED = Array.from(promised.matchAll(/`([^`]+)`/g), ([, type]) => type);

const typesIn = (events: readonly Record<string, string>[]) => [
  ...new Set(events.map((event) => event['detail-type'])),
];

describe('the README and its stories', () => {
  it('promise the events of a session', () => {
    expect(PROMISED).toHaveLength(5);
  });

  it('hold one first run and eleven stories', () => {
    expect(FIRST_RUN).toHaveLength(1);
    expect(STORY_BLOCKS).toHaveLength(11);
  });

  const RUNS = [...FIRST_RUN, ...STORY_BLOCKS].flatMap((steps) =>
    ['support', 'support-aws'].map((channel) => ({ channel, last: steps.at(-1)?.line, steps })),
  );

  it.each(RUNS)('say what each line answers on channel $channel, up to $last', async ({ channel, steps }) => {
    const service = await aLocalService();
    const on = (text: string): string =>
      text.replaceAll('"channel":"support"', `"channel":"${channel}"`).replaceAll('/support/', `/${channel}/`);
    for (const { line, method, path, body, expected } of steps) {
      const answer = await service.call(method, on(path), body === undefined ? {} : { body: on(body) });

      // The answer of AWS does not name the recipient as WhatsApp writes it: its first event does.
      if (channel === 'support-aws' && answer.body?.status === 'sent')
        await service.report({ id: answer.body.id, status: 'sent' });
      if (path === '/_local/events' && method === 'GET') expect(typesIn(answer.body.events)).toEqual(PROMISED);
      const [status, word, nextAction] = expected;
      expect(String(answer.status), line).toBe(status);
      if (word !== undefined) expect([answer.body.code, answer.body.status, answer.body.state], line).toContain(word);
      if (nextAction !== undefined) expect(answer.body.nextAction, line).toBe(nextAction);
    }
  });
});

describe('the script of the stories', () => {
  const [, script = ''] = /```js\n([\s\S]*?)```/.exec(textOf(new URL(STORIES, ROOT))) ?? [];
  const [, printed = ''] = /```text\n([\s\S]*?)```/.exec(textOf(new URL(STORIES, ROOT))) ?? [];

  it('prints what the page says', async () => {
    const { url } = await aLocalService();
    expect(script).toContain("const origin = 'http://127.0.0.1:8080';");

    const run = promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      script.replace('http://127.0.0.1:8080', url),
    ]);

    expect((await run).stdout).toBe(printed);
  });
});

describe('the commands of the documentation', () => {
  const commands = (path: string) =>
    Array.from(textOf(new URL(path, ROOT)).matchAll(/```sh\n([\s\S]*?)```/g), ([, block = '']) =>
      block.split('\n'),
    ).flat();

  it.each(PAGES)('zsh: carry no comment in %s, since an interactive zsh reads it as arguments', (path) => {
    expect(commands(path).filter((line) => /(?:^|\s)#/.test(line))).toEqual([]);
  });
});

describe('the files that the documentation names', () => {
  const filesIn = (path: string) =>
    Array.from(
      textOf(new URL(path, ROOT)).matchAll(/`((?:functions|infra|test|docs)\/[\w./-]+)`/g),
      ([, file = '']) => file,
    );

  it.each(PAGES)('exist, in %s', (path) => {
    expect(filesIn(path).filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
  });

  it('are many', () => {
    expect(PAGES.flatMap(filesIn).length).toBeGreaterThan(40);
  });
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
