import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';

let setting: OutboundSetting;
let id: string;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  const arrival = anArrival({ at: NOON, now: NOON });
  id = arrival.message.id;
  await setting.table.store.recordInbound(arrival);
  setting.answer({ body: { success: true } });
});
afterEach(() => setting.close());

const read = (body?: object, message = id) => setting.service.markRead('support', CUSTOMER, message, body);
const session = async () => (await setting.service.session('support', CUSTOMER)).body;

describe('a message of a customer', () => {
  it('is marked as read, also with nothing in the body, and after the window', async () => {
    setting.service.setNow(secondsAfterNoon(5 * 86_400));

    expect(await read()).toMatchObject({ status: 200, body: { read: true, typing: false } });
    expect(await read({})).toMatchObject({ status: 200, body: { read: true, typing: false } });
    expect(await read({ typing: true })).toMatchObject({ status: 200, body: { read: true, typing: true } });
    expect(setting.provider.calls.map(({ body }) => body)).toEqual([
      { messaging_product: 'whatsapp', status: 'read', message_id: id },
      { messaging_product: 'whatsapp', status: 'read', message_id: id },
      { messaging_product: 'whatsapp', status: 'read', message_id: id, typing_indicator: { type: 'text' } },
    ]);
  });

  it('is found by an id whose slash is encoded twice', async () => {
    await setting.table.store.recordInbound(anArrival({ at: secondsAfterNoon(1), id: 'wamid.a/b=' }));

    expect(await read({}, 'wamid.a%2Fb=')).toMatchObject({ status: 200 });
    expect(setting.provider.calls.at(-1)?.body).toMatchObject({ message_id: 'wamid.a/b=' });
  });

  it('opens, extends and writes nothing', async () => {
    const before = { items: await setting.table.scan(), session: await session() };

    await read({ typing: true });

    expect({ items: await setting.table.scan(), session: await session() }).toEqual(before);
  });

  it('must stand in the thread of that customer: nothing else reaches the provider', async () => {
    setting.answer({ body: { messages: [{ id: 'wamid.sent.1' }] } });
    const { body } = await setting.service.send(TEXT);
    const calls = setting.provider.calls.length;

    for (const other of ['wamid.other', String(body['id']), 'wamid.sent.1'])
      expect(await read({}, other)).toMatchObject({ status: 404, body: { code: 'unknown_message' } });
    expect(await setting.service.markRead('support', '+15559999999', id)).toMatchObject({ status: 404 });
    expect(await setting.service.markRead('nowhere', CUSTOMER, id)).toMatchObject({
      status: 404,
      body: { code: 'unknown_channel' },
    });
    expect(await read({ typing: 'yes' })).toMatchObject({ status: 400, body: { errors: [{ path: 'typing' }] } });
    expect(setting.provider.calls).toHaveLength(calls);
  });
});

describe('a provider that does not mark it', () => {
  it.each([
    [
      { status: 400, body: { error: { code: 131_009, message: 'x' } } },
      { status: 502, body: { code: 'provider_rejected', nextAction: 'fix_request', provider: { code: '131009' } } },
    ],
    [
      { status: 500, body: {} },
      { status: 503, body: { code: 'provider_unavailable' } },
    ],
    [{ hangUp: true }, { status: 503, body: { code: 'provider_unavailable' } }],
    [
      { status: 400, body: { error: { code: 130_429, message: 'x' } } },
      { status: 503, body: { code: 'provider_rate_limited' } },
    ],
  ])('is named, and the call may be repeated: %j', async (scripted, answer) => {
    setting.answer(scripted);

    expect(await read()).toMatchObject(answer);
    expect(setting.service.log.lines).toEqual([expect.objectContaining({ code: 'outbound-send.read-failed' })]);
  });

  it('is Sinch where typing is asked', async () => {
    await setting.table.store.recordInbound(
      anArrival({ at: NOON, now: NOON, channel: 'support-sinch', id: '01EKJ1534NWK5R02TGWEJN13HA' }),
    );

    expect(
      await setting.service.markRead('support-sinch', CUSTOMER, '01EKJ1534NWK5R02TGWEJN13HA', { typing: true }),
    ).toMatchObject({ status: 422, body: { code: 'unsupported_by_provider', errors: [{ path: 'typing' }] } });
    expect(setting.provider.calls).toEqual([]);
  });
});
