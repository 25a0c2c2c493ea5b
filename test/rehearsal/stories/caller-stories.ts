import { deepStrictEqual, ok } from 'node:assert';
import * as z from 'zod';
import { aText, deliveredTypes, expectAnswer, type Story, write } from './story.ts';

const Messages = z.array(z.object({ id: z.string() }));

const SESSION = 'GET /v1/channels/{channel}/customers/{customer}/session';

export const authorization: Story = {
  name: 'the API answers signed calls and access tokens, and no others',
  play: async ({ call, callUnsigned, callWithWrongKey, callWithToken, url }) => {
    const sent = { path: { channel: 'orders', customer: '+15551230020' } };

    expectAnswer(await call(SESSION, sent), 200);
    expectAnswer(await callUnsigned(SESSION, sent), 403);
    expectAnswer(await callWithWrongKey(SESSION, sent), 403);
    expectAnswer(await callWithToken('read')(SESSION, sent), 200);
    expectAnswer(
      await callWithToken('read')('POST /v1/messages', { body: aText('orders', '+15551230020') }),
      403,
      'insufficient_scope',
    );
    expectAnswer(await call('GET /v1/nothing'), 404, 'unknown_route');
    deepStrictEqual((await fetch(`${url}/oauth/v1/channels`)).status, 401);
    deepStrictEqual((await fetch(`${url}/nothing`)).status, 403);
  },
};

const PageConfig = z.object({
  api: z.string(),
  signIn: z.object({ tokenUrl: z.url(), clientId: z.string() }),
  fileOrigin: z.url(),
});

/** The page and all that its document names, as a browser loads them. */
export const consolePage: Story = {
  name: 'a browser opens the console, and is told where to sign in and where the files are',
  play: async ({ url, callWithToken }) => {
    const page = await fetch(`${url}/`);
    const html = await page.text();
    const assets = Array.from(html.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g), ([, path]) => path ?? '');
    const answers = await Promise.all(assets.map((path) => fetch(`${url}${path}`)));
    const config = PageConfig.parse(await (await fetch(`${url}/console/config.json`)).json());
    const policy = page.headers.get('content-security-policy') ?? '';

    ok(assets.length > 1);
    deepStrictEqual(new Set([page, ...answers].map(({ status }) => status)), new Set([200]));
    for (const place of [new URL(config.signIn.tokenUrl).origin, config.fileOrigin]) ok(policy.includes(place), place);
    ok(/\.s3\.[\w-]+\.amazonaws\.com$/.test(config.fileOrigin));
    deepStrictEqual([config.api, (await fetch(`${url}/`, { method: 'POST' })).status], ['/oauth', 405]);
    expectAnswer(await callWithToken('read')('GET /v1/channels'), 200);
  },
};

export const webhookSecurity: Story = {
  name: 'a forged webhook is refused, and Meta’s verification is answered',
  play: async ({ url }) => {
    const forged = await fetch(`${url}/webhooks/meta/shop-meta`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
      body: '{}',
    });
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.verify_token': 'rehearsal-verify',
      'hub.challenge': '4711',
    });
    const verified = await fetch(`${url}/webhooks/meta/shop-meta?${query.toString()}`);

    deepStrictEqual(forged.status, 401);
    deepStrictEqual([verified.status, await verified.text()], [200, '4711']);
  },
};

export const deliveryRetry: Story = {
  name: 'an endpoint that fails gets the event again, with the same id',
  play: async (rehearsal) => {
    const { endpoints, settle, elapse } = rehearsal;
    const customer = '+15551230021';
    const crm = 'https://crm.example.com/hooks?tenant=7';
    const before = endpoints.refused();
    // The message, the session, and the message at the bot's endpoint.
    endpoints.refuseNext(503, 3);
    await write(rehearsal, { channel: 'orders', from: customer });
    await settle();
    deepStrictEqual(deliveredTypes(rehearsal, crm, customer), []);
    elapse(10);
    await settle();

    deepStrictEqual(deliveredTypes(rehearsal, crm, customer).toSorted(), ['message.received', 'session.opened']);
    const refused = endpoints.refused().slice(before.length);
    const accepted = endpoints.delivered().map(({ id }) => id);
    ok(refused.length === 3 && refused.every((id) => accepted.includes(id)));
  },
};

export const readingCalls: Story = {
  name: 'agents and systems read windows, threads, usage and consent',
  play: async (rehearsal) => {
    const { call } = rehearsal;
    const customer = '+15551230022';
    const path = { channel: 'orders', customer };
    await write(rehearsal, { channel: 'orders', from: customer });
    await rehearsal.settle();
    const read = async (operation: string, sent = {}) =>
      expectAnswer(await call(operation, { path, ...sent }), 200).body;

    await read('GET /v1/channels');
    await read('GET /v1/channels/{channel}/customers/{customer}');
    await read('GET /v1/channels/{channel}/customers/{customer}/consent');
    await read('GET /v1/channels/{channel}/sessions', { query: { closingWithin: 86_400 } });
    await read('POST /v1/channels/{channel}/sessions/query', { body: { customers: [customer] } });
    await read('GET /v1/channels/{channel}/usage');
    await read('GET /v1/channels/{channel}/messages', { query: { clientReference: 'ticket-1' } });
    await read('POST /v1/messages/check', { body: aText('orders', customer) });
    const thread = await read('GET /v1/channels/{channel}/customers/{customer}/messages');
    ok(JSON.stringify(thread).includes('Where is my order?'));
    const [message] = Messages.parse(thread['messages']);
    expectAnswer(
      await call('POST /v1/channels/{channel}/customers/{customer}/messages/{id}/read', {
        path: { ...path, id: message?.id ?? '' },
        body: {},
      }),
      200,
    );
  },
};
