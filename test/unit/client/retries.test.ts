import { describe, expect, it } from 'vitest';
import { createCareWindow, GatewayError, ProblemError, unwrap } from '../../support/client.ts';

const SEND = { body: { channel: 'support', to: '+15551234567', content: { type: 'text', text: 'Hi' } } };

const answer =
  (status: number, body: object = {}, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

const broken = (): Response => {
  throw new TypeError('fetch failed');
};

/** A client whose calls are answered in this order; it notes requests and waits. */
const aClient = (...answers: readonly (() => Response)[]) => {
  const requests: Request[] = [];
  const bodies: string[] = [];
  const waits: number[] = [];
  const client = createCareWindow({
    baseUrl: 'https://api.example.com',
    retries: { wait: async (milliseconds: number) => void waits.push(milliseconds) },
    fetch: async (request: Request) => {
      requests.push(request);
      bodies.push(await request.text());
      const next = answers[requests.length - 1];
      if (next === undefined) throw new Error('the client called once more than expected');
      return next();
    },
  });
  return { client, requests, bodies, waits };
};

describe('a call of the client', () => {
  it('is repeated after Retry-After, with the same Idempotency-Key and body', async () => {
    const { client, requests, bodies, waits } = aClient(
      answer(503, { code: 'provider_unavailable' }, { 'retry-after': '7' }),
      answer(409, { code: 'idempotency_in_progress' }, { 'retry-after': '2' }),
      answer(201, { id: 'msg_1' }),
    );

    const { data } = await client.POST('/v1/messages', SEND);

    expect(data).toEqual({ id: 'msg_1' });
    expect(waits).toEqual([7_000, 2_000]);
    expect(new Set(bodies)).toEqual(new Set([JSON.stringify(SEND.body)]));
    const keys = new Set(requests.map(({ headers }) => headers.get('idempotency-key')));
    expect(keys.size).toBe(1);
    expect([...keys][0]).toMatch(/^[\da-f-]{36}$/);
  });

  it('encodes a slash in a path twice, since API Gateway decodes a path before it matches it', async () => {
    const { client, requests } = aClient(answer(200, { read: true, typing: false }));
    const path = { channel: 'support', customer: '+15551234567', id: 'wamid.a/b+c=' };

    await client.POST('/v1/channels/{channel}/customers/{customer}/messages/{id}/read', { params: { path }, body: {} });

    expect(requests[0]?.url).toBe(
      'https://api.example.com/v1/channels/support/customers/%2B15551234567/messages/wamid.a%252Fb%2Bc%3D/read',
    );
  });

  it('is repeated when no answer came, under the key that was made before the first try', async () => {
    const { client, requests, waits } = aClient(broken, answer(201, { id: 'msg_1' }));

    await client.POST('/v1/messages', SEND);

    expect(waits).toHaveLength(1);
    expect(requests[0]?.headers.get('idempotency-key')).toBe(requests[1]?.headers.get('idempotency-key'));
  });

  it('keeps the Idempotency-Key of the caller, and gives none to other calls', async () => {
    const { client, requests } = aClient(answer(201, {}), answer(200, {}));

    await client.POST('/v1/messages', { ...SEND, params: { header: { 'Idempotency-Key': 'order-1' } } });
    await client.POST('/v1/messages/check', SEND);

    expect(requests.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['order-1', null]);
  });

  it.each([429, 500, 503, 504])('is repeated after %s, later each time', async (status) => {
    const { client, waits } = aClient(answer(status), answer(status), answer(200, { ok: true }));

    await client.GET('/v1/messages/{id}', { params: { path: { id: 'msg_1' } } });

    expect(waits).toHaveLength(2);
    for (const [repeat, wait] of waits.entries()) expect(wait).toBeLessThanOrEqual(200 * 2 ** repeat);
  });

  it.each([
    ['the provider rejected it', answer(502, { code: 'provider_rejected' })],
    ['it is refused', answer(409, { code: 'window_closed' })],
    ['the wait would be too long', answer(503, {}, { 'retry-after': '3600' })],
  ])('is not repeated when %s', async (_, given) => {
    const { client, waits } = aClient(given);

    await client.POST('/v1/messages', SEND);

    expect(waits).toEqual([]);
  });

  it('is repeated three times at most, and then fails as the last try did', async () => {
    const never = aClient(broken, broken, broken, broken);
    const busy = aClient(...Array.from({ length: 4 }, () => answer(429, { message: 'Too Many Requests' })));

    await expect(never.client.POST('/v1/messages', SEND)).rejects.toThrow('fetch failed');
    expect((await busy.client.POST('/v1/messages', SEND)).response.status).toBe(429);
  });

  it('is not repeated once the caller has given up', async () => {
    const { client, waits } = aClient(broken);

    await expect(client.POST('/v1/messages', { ...SEND, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(waits).toEqual([]);
  });
});

describe('an error', () => {
  it('of the service has its code and next action, one of API Gateway its status', async () => {
    const problem = { code: 'window_closed', nextAction: 'send_template', detail: 'The window has ended.' };
    const refused = aClient(answer(409, problem, { 'content-type': 'application/problem+json' }));
    const stopped = aClient(answer(401, { message: 'Unauthorized' }));
    const empty = aClient(() => new Response('', { status: 403 }));
    const faultOf = ({ client }: typeof refused) =>
      unwrap(client.POST('/v1/messages', SEND)).then(undefined, (fault: unknown) => fault);

    const fault = await faultOf(refused);

    expect(fault).toBeInstanceOf(ProblemError);
    expect(fault).toMatchObject({ problem, message: 'window_closed: The window has ended.' });
    const gateway = await faultOf(stopped);
    expect(gateway).toBeInstanceOf(GatewayError);
    expect(gateway).toMatchObject({ response: { status: 401 } });
    expect(await faultOf(empty)).toBeInstanceOf(GatewayError);
  });
});
