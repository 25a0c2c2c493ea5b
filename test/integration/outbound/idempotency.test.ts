import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toReference } from '../../../functions/shared/store/message/message-reference.ts';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const DAY = 86_400;

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  await setting.table.store.recordInbound(anArrival());
});
afterEach(() => setting.close());

const replayed = { headers: { 'idempotent-replayed': 'true' } };

describe('a repeat under the same key', () => {
  it('gets the first answer and sends nothing', async () => {
    const first = await setting.service.send(TEXT, 'order-7');

    const again = await setting.service.send(TEXT, 'order-7');

    expect(again).toMatchObject({ ...replayed, status: 201, body: first.body });
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(setting.provider.calls).toHaveLength(1);
  });

  it('is the same with quotes, with another order of fields, and after the window has closed', async () => {
    const { body } = await setting.service.send(TEXT, 'order-7');
    setting.service.setNow(secondsAfterNoon(2 * DAY));

    const { content, to, channel } = TEXT;
    expect(await setting.service.send({ content, to, channel }, '"order-7"')).toMatchObject({
      ...replayed,
      status: 201,
      body: { id: body['id'], providerMessageId: 'wamid.sent.1' },
    });
    expect(setting.provider.calls).toHaveLength(1);
  });

  it('answers the current state once the provider has reported', async () => {
    const { body } = await setting.service.send(TEXT, 'order-7');
    await setting.table.store.recordStatus({
      channel: 'support',
      reference: toReference({ atMs: NOON.getTime(), id: String(body['id']), customer: CUSTOMER }),
      providerMessageId: 'wamid.sent.1',
      to: 'delivered',
      atMs: NOON.getTime(),
    });

    expect(await setting.service.send(TEXT, 'order-7')).toMatchObject({ status: 201, body: { status: 'delivered' } });
  });

  it('is refused when it asks for something else', async () => {
    await setting.service.send(TEXT, 'order-7');

    expect(await setting.service.send({ ...TEXT, content: { type: 'text', text: 'Else' } }, 'order-7')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch', nextAction: 'fix_request' },
    });
    expect(setting.provider.calls).toHaveLength(1);
  });

  it('is another message on another channel', async () => {
    await setting.service.send(TEXT, 'order-7');

    expect((await setting.service.send({ ...TEXT, channel: 'support-sinch' }, 'order-7')).body).toMatchObject({
      code: 'window_closed',
    });
  });

  it('is told to come back while the first is running, and then gets its answer', async () => {
    let during: Awaited<ReturnType<typeof setting.service.send>> | undefined;
    setting.answer(async () => {
      during = await setting.service.send(TEXT, 'order-7');
      return { body: { messages: [{ id: 'wamid.sent' }] } };
    });

    const first = await setting.service.send(TEXT, 'order-7');

    expect(during).toMatchObject({ status: 409, body: { code: 'idempotency_in_progress', nextAction: 'retry_later' } });
    expect(during?.headers['retry-after']).toBe('2');
    expect(first.status).toBe(201);
    expect(await setting.service.send(TEXT, 'order-7')).toMatchObject({ ...replayed, status: 201 });
    expect(setting.provider.calls).toHaveLength(1);
  });

  it('of twenty at once leads to one provider call', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => setting.service.send(TEXT, 'order-7')));

    expect(setting.provider.calls).toHaveLength(1);
    expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual([]);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body['id'])).size).toBe(1);
  });

  it('replays a refusal that came from the provider', async () => {
    setting.answer({ status: 400, body: { error: { code: 131026, message: 'no' } } });
    const first = await setting.service.send(TEXT, 'order-7');
    setting.answer({ body: { messages: [{ id: 'wamid.late' }] } });

    const again = await setting.service.send(TEXT, 'order-7');

    expect(again).toMatchObject({
      ...replayed,
      status: 502,
      body: { code: 'provider_rejected', id: first.body['id'] },
    });
    expect(again.body['provider']).toEqual(first.body['provider']);
    expect(setting.provider.calls).toHaveLength(1);
  });

  it('decides a plain refusal anew', async () => {
    setting.service.setNow(secondsAfterNoon(2 * DAY));
    expect((await setting.service.send(TEXT, 'order-7')).body).toMatchObject({ code: 'window_closed' });
    await setting.table.store.recordInbound(anArrival({ at: secondsAfterNoon(2 * DAY) }));

    const sent = await setting.service.send(TEXT, 'order-7');

    expect(sent).toMatchObject({ status: 201 });
    expect(sent.headers).not.toHaveProperty('idempotent-replayed');
  });

  it('uses the same id and record again after a 503', async () => {
    setting.answer({ status: 400, body: { error: { code: 4, message: 'slow down' } } });
    const refused = await setting.service.send(TEXT, 'order-7');
    expect(refused).toMatchObject({ status: 503, body: { code: 'provider_rate_limited' } });
    setting.answer({ body: { messages: [{ id: 'wamid.second' }] } });
    setting.service.setNow(secondsAfterNoon(60));

    const sent = await setting.service.send(TEXT, 'order-7');

    expect(sent).toMatchObject({ status: 201, body: { id: refused.body['id'], providerMessageId: 'wamid.second' } });
    const thread = (await setting.service.thread('support', CUSTOMER)).body['messages'] as { id: string }[];
    expect(thread.filter(({ id }) => id === sent.body['id'])).toHaveLength(1);
    expect(await setting.service.send(TEXT, 'order-7')).toMatchObject({ ...replayed, status: 201 });
  });

  it('lets a status find the record that was used again', async () => {
    setting.answer({ status: 503, body: { error: { code: 131016, message: 'down' } } });
    await setting.service.send(TEXT, 'order-7');
    setting.answer({ body: { messages: [{ id: 'wamid.second' }] } });
    setting.service.setNow(secondsAfterNoon(60));
    const { body } = await setting.service.send(TEXT, 'order-7');
    const reference = (setting.provider.calls.at(-1)?.body as Record<string, string> | undefined)?.[
      'biz_opaque_callback_data'
    ];

    await setting.table.store.recordStatus({
      channel: 'support',
      reference,
      providerMessageId: 'wamid.second',
      to: 'read',
      atMs: NOON.getTime(),
    });

    expect((await setting.service.message(String(body['id']))).body).toMatchObject({ status: 'read' });
  });

  it('gives the re-engagement slot back after a 503, and takes it again', async () => {
    await register(setting.table, aTemplate());
    await setting.consent('opted_in');
    setting.service.setNow(secondsAfterNoon(2 * DAY));
    const template = { channel: 'support', to: CUSTOMER, content: aTemplateContent() };
    setting.answer({ status: 503, body: { error: { code: 131016, message: 'down' } } });
    await setting.service.send(template, 'hello');
    expect((await setting.service.session('support', CUSTOMER)).body).toMatchObject({
      reengagement: { available: true },
    });
    setting.answer({ body: { messages: [{ id: 'wamid.template' }] } });

    expect(await setting.service.send(template, 'hello')).toMatchObject({ status: 201 });

    expect((await setting.service.session('support', CUSTOMER)).body).toMatchObject({
      reengagement: { available: false },
    });
  });

  it('answers in doubt, and never sends, once the lease of a crashed first request has run out', async () => {
    setting.table.wire.failAt(2, 'before');
    await setting.service.send(TEXT, 'order-7');
    setting.service.setNow(secondsAfterNoon(30));
    expect(await setting.service.send(TEXT, 'order-7')).toMatchObject({ status: 409 });
    setting.service.setNow(secondsAfterNoon(61));

    expect(await setting.service.send(TEXT, 'order-7')).toMatchObject({
      ...replayed,
      status: 202,
      body: { status: 'in_doubt' },
    });
    expect(setting.provider.calls).toHaveLength(1);
  });
});

describe('a key', () => {
  it.each([
    ['is empty', ''],
    ['is empty in quotes', '""'],
    ['has 256 characters', 'k'.repeat(256)],
  ])('is refused when it %s', async (_, key) => {
    expect(await setting.service.send(TEXT, key)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: 'Idempotency-Key' }] },
    });
  });

  it('may have 255 characters', async () => {
    expect((await setting.service.send(TEXT, 'k'.repeat(255))).status).toBe(201);
  });
});
