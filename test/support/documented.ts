import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import * as z from 'zod';

const Response = z.object({
  headers: z.record(z.string(), z.unknown()).default({}),
  content: z.record(z.string(), z.object({ examples: z.record(z.string(), z.unknown()).default({}) })).default({}),
});
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ responses: z.record(z.string(), Response) }))),
});
const { paths } = Document.parse(JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')));

interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Fails the test whose call is answered with a status, a code or a header that docs/openapi.json does not have. */
export const expectDocumented = (routeKey: string, { status, headers, body }: Answered): void => {
  const [method = '', path = ''] = routeKey.split(' ');
  const operation = paths[path]?.[method.toLowerCase()];
  if (operation === undefined) return;
  const response = operation.responses[String(status)];
  expect.soft(response, `${routeKey} ${status}`).toBeDefined();
  const codes = Object.keys(response?.content['application/problem+json']?.examples ?? {});
  if (body?.['code'] !== undefined && (status ?? 0) >= 400)
    expect.soft(codes, `${routeKey} ${status}`).toContain(body['code']);
  const documented = Object.keys(response?.headers ?? {}).map((name) => name.toLowerCase());
  for (const name of ['idempotent-replayed', 'retry-after'])
    if (name in headers) expect.soft(documented, `${routeKey} ${status}`).toContain(name);
};
