import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { clientCredentials, createCareWindow, ProblemError, pages, unwrap } from '../../support/client.ts';
import { aLocalService } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const A_TEXT = { channel: 'support', to: CUSTOMER, content: { type: 'text', text: 'How can we help?' } };
const PATH = { channel: 'support', customer: CUSTOMER };

const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: z.object({ example: z.unknown() }).partial().optional(),
});
const Example = z.record(z.string(), z.object({ value: z.unknown() }));
const Operation = z.object({
  operationId: z.string(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: z.object({ 'application/json': z.object({ examples: Example }) }) }).optional(),
  responses: z.record(z.string(), z.unknown()),
  security: z.array(z.unknown()),
});
type Operation = z.infer<typeof Operation>;

const { paths } = z
  .object({ paths: z.record(z.string(), z.record(z.string(), Operation)) })
  .parse(JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')));

const OPERATIONS = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

const VALUES: Readonly<Record<string, string>> = { ...PATH, account: 'demo-meta', clientReference: 'order-1' };

/** Values for the parameters of one place that must be given, or without which the call asks for nothing. */
const paramsIn = ({ parameters }: Operation, place: string) =>
  Object.fromEntries(
    parameters
      .filter(({ name, required, ...parameter }) => parameter.in === place && (required === true || name in VALUES))
      .map(({ name, schema }) => [name, VALUES[name] ?? schema?.example ?? 'x']),
  );

/** The client with tokens of the local issuer, and one without. */
const clientsOf = (url: string) => {
  const authorize = clientCredentials({
    tokenUrl: `${url}/_local/oauth2/token`,
    clientId: 'local-client',
    clientSecret: 'local-secret',
  });
  return {
    withToken: createCareWindow({ baseUrl: `${url}/oauth`, authorize }),
    plain: createCareWindow({ baseUrl: url }),
  };
};

describe('the generated client', () => {
  it('drives every operation of docs/openapi.json, and gets an answer that is documented', async () => {
    const { url, write } = await aLocalService();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    const { withToken, plain } = clientsOf(url);

    for (const operation of OPERATIONS) {
      const { path, method, requestBody, operationId, responses, security } = operation;
      const [example] = Object.values(requestBody?.content['application/json'].examples ?? {});
      const client = security.length === 0 ? plain : withToken;

      const { response } = await client.request(method.toLowerCase(), path, {
        params: {
          path: paramsIn(operation, 'path'),
          query: paramsIn(operation, 'query'),
          header: paramsIn(operation, 'header'),
        },
        ...(example === undefined ? {} : { body: example.value }),
        parseAs: 'text',
      });

      expect(Object.keys(responses), `${operationId} ${response.status}`).toContain(String(response.status));
      // Webhooks are refused, since the client has no provider's signature.
      if (security.length > 0) expect([401, 403, 405, 500], operationId).not.toContain(response.status);
    }
  });

  it('sends, reads, pages and explains refusals', async () => {
    const { url, write, clock } = await aLocalService();
    const { withToken: careWindow } = clientsOf(url);
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });

    const sent = await unwrap(careWindow.POST('/v1/messages', { body: A_TEXT }));
    const again = await unwrap(careWindow.GET('/v1/messages/{id}', { params: { path: { id: sent.id } } }));
    const nameOf = ({ name, language }: Record<string, string>) => `${name} ${language}`;
    const list = (query: object) =>
      careWindow.GET('/v1/channels/{channel}/templates', { params: { path: { channel: 'support' }, query } });
    const names: string[] = [];
    for await (const { templates } of pages((query: object) => list({ limit: 2, ...query })))
      names.push(...templates.map(nameOf));
    const whole = await unwrap(list({ limit: 100 }));
    await clock({ advanceSeconds: 86_400 });
    const refusal = await unwrap(careWindow.POST('/v1/messages', { body: A_TEXT })).then(
      undefined,
      (fault: unknown) => fault,
    );

    expect(sent).toMatchObject({ status: 'sent', session: { state: 'open' } });
    expect(again).toMatchObject({ id: sent.id, customer: CUSTOMER });
    expect(names.length).toBeGreaterThan(2);
    expect(names).toEqual(whole.templates.map(nameOf));
    expect(refusal).toBeInstanceOf(ProblemError);
    expect(refusal).toMatchObject({ problem: { code: 'window_closed', nextAction: 'collect_opt_in' } });
  });
});
