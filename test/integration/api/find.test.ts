import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anArrival, CUSTOMER, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
});
afterEach(() => setting.close());

const find = (query: Record<string, string>, channel = 'support') =>
  setting.service.route('GET /v1/channels/{channel}/messages', { path: { channel }, query });

const idsOf = ({ body }: Awaited<ReturnType<typeof find>>) =>
  (body['messages'] as { id: string }[]).map(({ id }) => id);

/** Sends under a reference of the caller; resolves to the message's id. */
const send = async (clientReference: string) => {
  const { status, body } = await setting.service.send({ ...TEXT, clientReference });
  expect(status).toBe(201);
  return String(body['id']);
};

describe('GET /v1/channels', () => {
  it('shows every channel without its account’s secrets, and what its provider cannot carry', async () => {
    const { status, body, text } = await setting.service.route('GET /v1/channels');

    expect(status).toBe(200);
    expect(body['channels']).toContainEqual(
      expect.objectContaining({ id: 'support', provider: 'meta', sendMarginSeconds: 30, notCarried: [] }),
    );
    expect(text).not.toMatch(/secret|token|wabaId|deliveries/i);
  });
});

describe('sends by clientReference', () => {
  it('are found at once, also when several share one, page by page', async () => {
    await setting.table.store.recordInbound(anArrival());
    const sent = [await send('order 4711#a'), await send('order 4711#a'), await send('order 4711#a')];
    await send('order 4711');

    const first = await find({ clientReference: 'order 4711#a', limit: '2' });
    const second = await find({ clientReference: 'order 4711#a', limit: '2', cursor: String(first.body['next']) });

    expect([...idsOf(first), ...idsOf(second)].toSorted()).toEqual(sent.toSorted());
    expect(idsOf(first)).toHaveLength(2);
    expect(first.body['messages']).toContainEqual(
      expect.objectContaining({
        channel: 'support',
        customer: CUSTOMER,
        status: 'sent',
        clientReference: 'order 4711#a',
      }),
    );
    expect(second.body).not.toHaveProperty('next');
  });

  it('are none for an unknown reference, and of another channel', async () => {
    await setting.table.store.recordInbound(anArrival());
    await send('order-1');

    expect(await find({ clientReference: 'order-2' })).toMatchObject({ status: 200, body: { messages: [] } });
    expect(await find({ clientReference: 'order-1' }, 'nowhere')).toMatchObject({ status: 404 });
    expect(await find({})).toMatchObject({ status: 400, body: { errors: [{ path: 'clientReference' }] } });
    expect(await find({ clientReference: 'order-1', status: 'in_doubt' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'clientReference' }] },
    });
    expect(await find({ status: 'sent' })).toMatchObject({ status: 400, body: { errors: [{ path: 'status' }] } });
    expect(await find({ clientReference: 'order-1', cursor: 'x' })).toMatchObject({ status: 400 });
  });

  it('cost no item without a reference, and are erased with the customer', async () => {
    const references = async () => {
      const { documents, tableName } = setting.table;
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
      return Items.filter(({ pk }) => String(pk).startsWith('REF#'));
    };
    await setting.table.store.recordInbound(anArrival());
    await setting.service.send(TEXT);
    expect(await references()).toEqual([]);
    await send('order-1');
    const [item] = await references();
    expect(JSON.stringify(item)).not.toContain(CUSTOMER.slice(1));
    expect(item?.['expiresAt']).toEqual(expect.any(Number));

    await setting.service.erase('support', CUSTOMER);

    expect(await references()).toEqual([]);
    expect(await find({ clientReference: 'order-1' })).toMatchObject({ status: 200, body: { messages: [] } });
  });
});

describe('sends in doubt', () => {
  const MINUTE = 60;

  /** Sends to a provider that hangs up; resolves to the message's id. */
  const doubt = async () => {
    const { status, body } = await setting.service.send(TEXT);
    expect(status).toBe(202);
    return String(body['id']);
  };

  beforeEach(async () => {
    await setting.table.store.recordInbound(anArrival());
    setting.answer({ hangUp: true });
  });

  it('are found until their outcome is known, page by page, without a scan', async () => {
    const sent = [await doubt(), await doubt(), await doubt()].toSorted();
    setting.answer({ body: { messaging_product: 'whatsapp', messages: [{ id: 'wamid.sent' }] } });
    expect((await setting.service.send(TEXT)).status).toBe(201);
    setting.table.wire.reset();

    const first = await find({ status: 'in_doubt', limit: '2' });
    const second = await find({ status: 'in_doubt', limit: '2', cursor: String(first.body['next']) });

    expect(setting.table.wire.commands).not.toContain('Scan');
    expect([idsOf(first), idsOf(second)]).toEqual([sent.slice(0, 2), sent.slice(2)]);
    expect(first.body['messages']).toContainEqual(
      expect.objectContaining({ channel: 'support', customer: CUSTOMER, status: 'in_doubt' }),
    );
    expect(second.body).not.toHaveProperty('next');
    await setting.service.resolve(sent[0] ?? '', { outcome: 'not_sent' });
    expect(idsOf(await find({ status: 'in_doubt' }))).toEqual(sent.slice(1));
  });

  it('are found while the sweep moves them on, and when it has not run for hours', async () => {
    const id = await doubt();
    for (const minutes of [1, 6, 7, 12, 23]) {
      setting.service.setNow(secondsAfterNoon(minutes * MINUTE));
      await setting.service.sweep();
      expect(idsOf(await find({ status: 'in_doubt' })), `${minutes} minutes`).toEqual([id]);
    }

    setting.service.setNow(secondsAfterNoon(5 * 60 * MINUTE));

    expect(idsOf(await find({ status: 'in_doubt' }))).toEqual([id]);
  });

  it('are those of the channel alone', async () => {
    await doubt();

    expect(await find({ status: 'in_doubt' }, 'support-sinch')).toMatchObject({ status: 200, body: { messages: [] } });
    expect(await find({ status: 'in_doubt' }, 'nowhere')).toMatchObject({ status: 404 });
  });
});

describe('a thread within a span', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 11, minute)).toISOString();

  it('holds the messages from since on and before until, page by page', async () => {
    for (const minute of [1, 2, 3, 4, 5])
      await setting.table.store.recordInbound(anArrival({ id: `wamid.${minute}`, at: new Date(at(minute)) }));
    const span = { since: at(2), until: at(5), limit: '2' };

    const first = await setting.service.thread('support', CUSTOMER, span);
    const second = await setting.service.thread('support', CUSTOMER, { ...span, cursor: String(first.body['next']) });

    expect([...idsOf(first), ...idsOf(second)]).toEqual(['wamid.4', 'wamid.3', 'wamid.2']);
    expect(second.body).not.toHaveProperty('next');
  });

  it('is empty where the page begins before the span', async () => {
    for (const minute of [1, 2])
      await setting.table.store.recordInbound(anArrival({ id: `wamid.${minute}`, at: new Date(at(minute)) }));
    const { body } = await setting.service.thread('support', CUSTOMER, { limit: '1' });

    const answer = await setting.service.thread('support', CUSTOMER, { since: at(4), cursor: String(body['next']) });

    expect(answer).toMatchObject({ status: 200, body: { messages: [] } });
  });

  it.each([
    [{ since: 'yesterday' }, 'since'],
    [{ since: '2026-11-20T12:00:00' }, 'since'],
    [{ since: '2026-11-20T12:00:00Z', until: '2026-11-20T12:00:00+00:00' }, 'until'],
  ])('is refused for %j', async (query, path) => {
    expect(await setting.service.thread('support', CUSTOMER, query as Record<string, string>)).toMatchObject({
      status: 400,
      body: { errors: [{ path }] },
    });
  });
});
