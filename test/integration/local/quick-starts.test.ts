import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aLocalService, callHttp } from '../../support/local.ts';

const PAGE = readFileSync(new URL('../../../docs/quick-starts.md', import.meta.url), 'utf8');
const N8N = /## n8n\n([\s\S]*?)\n## /.exec(PAGE)?.[1] ?? '';

/** What the page says, in the place that the pattern names. */
const said = (pattern: RegExp): string => {
  const found = pattern.exec(N8N)?.[1];
  if (found === undefined) throw new Error(`the page does not say ${String(pattern)}`);
  return found;
};

const CUSTOMER = '+15551234567';
const TOKEN_URL = said(/access token URL `([^`]+)`/);
const SEND_URL = said(/URL `([^`]+\/v1\/messages)`/);
const BODY = said(/JSON body `([^`]+)`/);

/** The calls of n8n's credential *OAuth2 API* and of its node *HTTP Request*. */
const anN8n = (origin: string) => {
  const at = (url: string): string => url.replace('http://127.0.0.1:8080', origin);
  return {
    token: () =>
      callHttp('POST', at(TOKEN_URL), {
        headers: {
          accept: 'application/json',
          authorization: `Basic ${btoa('local-client:local-secret')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: said(/scope `([^`]+)`/) }).toString(),
      }),
    send: (token: string, execution: string) =>
      callHttp('POST', at(SEND_URL), {
        headers: {
          accept:
            'application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7',
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': `${execution}-0`,
        },
        body: BODY,
      }),
  };
};

describe('the quick start of n8n', () => {
  it('gets a token, sends one message for all repeats of a node, and branches on the next action', async () => {
    const { url, write, clock, calls } = await aLocalService();
    const { token, send } = anN8n(url);

    const issued = await token();
    const { access_token: accessToken, token_type: type } = issued.body;
    const before = await send(accessToken, '1');
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    const sent = await send(accessToken, '2');
    const repeated = await send(accessToken, '2');
    await clock({ advanceSeconds: 86_400 });
    const refused = await send(accessToken, '3');

    expect(issued.status).toBe(200);
    expect(type).toBe('Bearer');
    expect(JSON.parse(BODY)).toMatchObject({ to: CUSTOMER });
    const actions = Array.from(N8N.matchAll(/`(\w+)`/g), ([, action]) => action);
    for (const { status, body } of [before, refused]) {
      expect(status).toBe(409);
      expect(actions).toContain(body.nextAction);
    }
    expect(sent).toMatchObject({ status: 201, body: { status: 'sent' } });
    expect(repeated).toMatchObject({ status: 201, body: { id: sent.body.id } });
    expect((await calls()).filter(({ path }) => path.endsWith('/messages'))).toHaveLength(1);
  });
});
