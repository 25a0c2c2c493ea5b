import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aLocalService } from '../../support/local.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
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

/** The curl lines of each block of the README. */
const BLOCKS = Array.from(README.matchAll(/```sh\n([\s\S]*?)```/g), ([, block = '']) =>
  block.split('\n').filter((line) => line.startsWith('curl ')),
)
  .filter((lines) => lines.length > 0)
  .map((lines) => lines.map(toStep));

const STORIES = BLOCKS.filter(([first]) => first?.expected[0] !== '');

describe('the README', () => {
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
