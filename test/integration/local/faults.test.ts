import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { aLocalService, callHttp } from '../../support/local.ts';

const CUSTOMER = '+15551234567';

/** A service to which the customer has just written on the channel. */
const anOpenService = async (channel: string) => {
  const service = await aLocalService();
  await service.write({ channel, from: CUSTOMER, text: 'Hello' });
  return service;
};

describe.each([
  ['meta', 'support'],
  ['sinch', 'support-sinch'],
])('%s', (provider, channel) => {
  it('is in doubt after an unreadable answer, once', async () => {
    const { fault, send } = await anOpenService(channel);

    await fault({ provider, kind: 'http_500', times: 1 });

    expect(await send(channel, CUSTOMER)).toMatchObject({ status: 202, body: { status: 'in_doubt' } });
    expect((await send(channel, CUSTOMER)).status).toBe(201);
  });

  it('reports that the window is closed', async () => {
    const { fault, send, message } = await anOpenService(channel);

    await fault({ provider, kind: 'window_closed' });
    const answer = await send(channel, CUSTOMER);

    if (provider === 'meta') expect(answer).toMatchObject({ status: 409, body: { code: 'provider_window_closed' } });
    else await eventually(async () => expect((await message(answer.body.id)).body).toMatchObject({ status: 'failed' }));
  });

  it('limits the rate as often as requested', async () => {
    const { fault, send, calls } = await anOpenService(channel);

    await fault({ provider, kind: 'rate_limited', times: 100 });
    const answer = await send(channel, CUSTOMER);

    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await calls()).at(-1)).toMatchObject({ provider, status: provider === 'meta' ? 400 : 429 });
  });

  it('refuses connections', async () => {
    const { fault, send, calls } = await anOpenService(channel);

    await fault({ provider, kind: 'refuse_connection', times: 100 });
    const answer = await send(channel, CUSTOMER);

    expect(answer.status).toBe(503);
    expect(await calls()).toEqual([]);
  });

  it('refuses the requested number of connections and then listens again', async () => {
    const { fault, config } = await aLocalService();
    const origin = config.accounts.find((account) => account.provider === provider)?.baseUrl ?? '';
    const connect = () =>
      callHttp('GET', `${origin}/`).then(
        ({ status }) => status,
        (error: { cause: { code: string } }) => error.cause.code,
      );

    await fault({ provider, kind: 'refuse_connection', times: 3 });

    expect([await connect(), ...(await Promise.all([connect(), connect()]))]).toEqual([
      'ECONNREFUSED',
      'ECONNREFUSED',
      'ECONNREFUSED',
    ]);
    expect(await connect()).toBeTypeOf('number');
  });
});

describe('a provider that hangs', () => {
  it('leaves the send in doubt, whether it accepted the message or not', async () => {
    const { write, fault, send, report, message, calls } = await aLocalService();
    const hang = async ([provider, channel]: readonly [string, string]) => {
      await write({ channel, from: CUSTOMER, text: 'Hello' });
      await fault({ provider, kind: 'timeout_after_accept' });
      await fault({ provider, kind: 'timeout_before_accept' });
      return Promise.all([send(channel, CUSTOMER), send(channel, CUSTOMER)]);
    };

    const answers = (await Promise.all([hang(['meta', 'support']), hang(['sinch', 'support-sinch'])])).flat();
    const reports = await Promise.all(answers.map(({ body }) => report({ id: body.id, status: 'delivered' })));

    for (const answer of answers) expect(answer).toMatchObject({ status: 202, body: { status: 'in_doubt' } });
    const settled = answers.filter((_, index) => reports[index]?.status === 200);
    expect(settled).toHaveLength(2);
    for (const { body } of answers)
      expect((await message(body.id)).body.status).toBe(
        settled.some((answer) => answer.body.id === body.id) ? 'delivered' : 'in_doubt',
      );
    expect((await calls()).filter(({ status }) => status === null)).toHaveLength(4);
  });
});
