import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const Content = z.record(
  z.string(),
  z.looseObject({ example: z.unknown().optional(), examples: z.unknown().optional() }),
);
const Body = z.looseObject({ content: Content.optional() });
const Operation = z.looseObject({ requestBody: Body.optional(), responses: z.record(z.string(), Body) });
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

const { paths } = Document.parse(JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')));

/** Every body of a request and of an answer of the service, by what it belongs to. */
const bodies = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, { requestBody, responses }]) =>
    Object.entries({ request: requestBody, ...responses }).flatMap(([part, body]) =>
      Object.entries(body?.content ?? {}).map(
        ([type, content]) => [`${method.toUpperCase()} ${path}`, part, type, content] as const,
      ),
    ),
  ),
);

/** The linters in `npm test` compare each example with its schema. */
describe('docs/openapi.json', () => {
  it.each(bodies)('shows an example: %s, %s, %s', (_, __, ___, { example, examples }) => {
    expect(example ?? examples).toBeDefined();
  });
});
