import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Answer, aLocalService, callHttp } from '../../support/local.ts';

const Pair = z.object({ key: z.string(), value: z.string() });
const Request = z.object({
  method: z.string(),
  url: z.string(),
  header: z.array(Pair),
  auth: z.object({ type: z.enum(['basic', 'noauth']), basic: z.array(Pair).optional() }).optional(),
  body: z.object({ raw: z.string().optional(), urlencoded: z.array(Pair).optional() }).optional(),
});
const Collection = z.object({
  auth: z.object({ type: z.literal('bearer'), bearer: z.tuple([Pair]) }),
  variable: z.array(Pair),
  item: z.array(
    z.object({
      name: z.string(),
      request: Request,
      event: z.tuple([z.object({ listen: z.literal('test'), script: z.object({ exec: z.array(z.string()) }) })]),
    }),
  ),
});

const { auth, variable, item } = Collection.parse(
  JSON.parse(readFileSync(new URL('../../../docs/carewindow.postman_collection.json', import.meta.url), 'utf8')),
);

/** The part of Postman that the collection uses. */
const aPostman = (origin: string) => {
  const variables = new Map([...variable.map(({ key, value }) => [key, value] as const), ['origin', origin]]);
  const fill = (text: string): string =>
    text.includes('{{')
      ? fill(
          text.replaceAll(/\{\{([^}]+)\}\}/g, (_, name) =>
            name === '$guid' ? randomUUID() : (variables.get(name) ?? ''),
          ),
        )
      : text;
  const authorization = (own: z.infer<typeof Request>['auth']): Record<string, string> => {
    if (own?.type === 'noauth') return {};
    if (own?.basic === undefined) return { authorization: fill(`Bearer ${auth.bearer[0].value}`) };
    const [user, password] = own.basic.map(({ value }) => fill(value));
    return { authorization: `Basic ${btoa(`${user}:${password}`)}` };
  };
  const send = ({ method, url, header, auth: own, body }: z.infer<typeof Request>): Promise<Answer> => {
    const form = body?.urlencoded?.map(({ key, value }): [string, string] => [key, fill(value)]);
    const text = form === undefined ? body?.raw : new URLSearchParams(form).toString();
    const headers = Object.fromEntries(header.map(({ key, value }) => [key, fill(value)]));
    return callHttp(method, fill(url), {
      headers: { ...headers, ...authorization(own) },
      ...(text === undefined ? {} : { body: fill(text) }),
    });
  };
  const check = (script: readonly string[], answer: Answer): readonly string[] => {
    const tests: string[] = [];
    const status = (code: number) => expect(answer.status, answer.text).toBe(code);
    const pm = {
      response: { json: () => answer.body, to: { have: { status } } },
      expect: (value: unknown) => ({ to: { equal: (wanted: unknown) => expect(value).toBe(wanted) } }),
      collectionVariables: { set: (name: string, value: string) => variables.set(name, value) },
      test: (name: string, run: () => void) => {
        run();
        tests.push(name);
      },
    };
    runInNewContext(script.join('\n'), { pm });
    return tests;
  };
  return { send, check };
};

describe('the Postman collection', () => {
  it('runs from top to bottom against the local run, and each call says what it expects', async () => {
    const { url } = await aLocalService();
    const { send, check } = aPostman(url);

    for (const { name, request, event } of item) {
      const answer = await send(request);
      expect(check(event[0].script.exec, answer).length, name).toBeGreaterThan(0);
    }

    expect(item.length).toBeGreaterThan(10);
  });

  it('listens at the address of npm start, and holds no secret but that of the local run', () => {
    expect(variable).toContainEqual({ key: 'origin', value: 'http://127.0.0.1:8080' });
    expect(variable).toContainEqual({ key: 'clientSecret', value: 'local-secret' });
    expect(variable).toContainEqual({ key: 'token', value: '' });
  });
});
