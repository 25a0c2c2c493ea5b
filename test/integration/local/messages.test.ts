import { describe, expect, it } from 'vitest';
import { goldens } from '../../support/golden.ts';
import { aLocalService } from '../../support/local.ts';

const CUSTOMER = '+919812345678';

type Service = Awaited<ReturnType<typeof aLocalService>>;

/** Sends the messages of the fixtures; returns the status of each answer. */
const send = async (service: Service, channel: string, names: readonly string[]) => {
  const statuses: number[] = [];
  for (const { content } of goldens('meta').filter(({ name }) => names.includes(name)))
    statuses.push((await service.call('POST', '/v1/messages', { body: { channel, to: CUSTOMER, content } })).status);
  return statuses;
};

const read = (service: Service, channel: string, id: string, body: object) =>
  service.call('POST', `/v1/channels/${channel}/customers/${CUSTOMER}/messages/${encodeURIComponent(id)}/read`, {
    body,
  });

describe('a local run', () => {
  it('plays interactive messages of Meta, and marks one as read whatever its id has in it', async () => {
    const service = await aLocalService();
    const id = 'wamid.a/b+c=';
    const order = { product_items: [{ product_retailer_id: 'sku-77', quantity: 2, item_price: 30 }] };
    await service.write({ channel: 'support', from: CUSTOMER, message: { type: 'order', id, order } });
    const before = (await service.session('support', CUSTOMER)).body;

    expect(await send(service, 'support', ['carousel', 'cta-url', 'flow', 'address-request'])).toEqual([
      201, 201, 201, 201,
    ]);
    expect(await read(service, 'support', id, { typing: true })).toMatchObject({ status: 200, body: { typing: true } });

    expect((await service.calls()).at(-1)).toMatchObject({ status: 200, body: { status: 'read', message_id: id } });
    const { openedAt, expiresAt } = (await service.session('support', CUSTOMER)).body;
    expect({ openedAt, expiresAt }).toEqual({ openedAt: before.openedAt, expiresAt: before.expiresAt });
    expect((await service.thread('support', CUSTOMER)).body.messages.at(-1).content).toMatchObject({
      type: 'order',
      items: [{ productId: 'sku-77', quantity: 2, price: 30 }],
    });
  });

  it('plays those that Sinch has, and marks one as read without a typing indicator', async () => {
    const service = await aLocalService();
    const channel = 'support-sinch';
    const { body } = await service.write({ channel, from: CUSTOMER, text: 'Hi' });
    const id: string = body.messageId;

    expect(await send(service, channel, ['carousel', 'flow', 'product'])).toEqual([422, 201, 201]);
    expect(await read(service, channel, id, { typing: true })).toMatchObject({
      status: 422,
      body: { code: 'unsupported_by_provider' },
    });
    expect(await read(service, channel, id, {})).toMatchObject({ status: 200, body: { read: true, typing: false } });

    expect((await service.calls()).at(-1)).toMatchObject({
      path: '/v1/projects/local-project/events:send',
      status: 200,
      body: { event: { read_message_event: { message_id: id } } },
    });
  });
});
