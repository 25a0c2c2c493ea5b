import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseReference } from '../../../functions/shared/store/message/message-reference.ts';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const DAY = 86_400;
const MINUTE = 60;

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  await setting.table.store.recordInbound(anArrival());
  await setting.consent('opted_in');
  await register(setting.table, aTemplate());
  setting.table.wire.reset();
});
afterEach(() => setting.close());

const messageOf = async (id: unknown) => (await setting.service.message(String(id))).body;
const report = (reference: string, to: 'sent' | 'delivered' | 'failed') =>
  setting.table.store.recordStatus({
    channel: 'support',
    reference,
    providerMessageId: 'wamid.sent.1',
    to,
    atMs: NOON.getTime(),
    error: to === 'failed' ? { code: '131026', title: 'Not delivered', class: 'never' } : undefined,
  });
const lastReference = () =>
  String((setting.provider.calls.at(-1)?.body as Record<string, unknown> | undefined)?.['biz_opaque_callback_data']);

describe('a fault at any point of a send', () => {
  /** Requests of a send: 0 reads, 1 claims and records, then the provider, 2 writes the outcome. */
  const POINTS = [
    [0, 'before', 'the facts are read'],
    [0, 'after', 'the facts were read'],
    [1, 'before', 'the claim'],
    [1, 'after', 'the claim'],
    [2, 'before', 'the final write'],
    [2, 'after', 'the final write'],
  ] as const;

  it.each(POINTS)(
    'never leads to a second message, and the outcome is known in the end: request %i fails %s (%s)',
    async (step, when) => {
      setting.table.wire.failAt(step, when);
      await setting.service.send(TEXT, 'key');
      setting.table.wire.reset();
      const calledAtOnce = setting.provider.calls.length;

      setting.service.setNow(secondsAfterNoon(2 * MINUTE));
      await setting.service.sweep();
      const again = await setting.service.send(TEXT, 'key');

      expect(setting.provider.calls.length).toBeLessThanOrEqual(1);
      if (calledAtOnce === 1) {
        await report(lastReference(), 'delivered');
        const { id } = parseReference(lastReference()) ?? {};
        expect(await messageOf(id)).toMatchObject({ status: 'delivered' });
        expect((await setting.service.send(TEXT, 'key')).status).toBe(201);
      } else expect([201, 202]).toContain(again.status);
    },
  );

  it('between acceptance and answer puts the send in doubt, and the status settles it', async () => {
    setting.answer({ hangUp: true });
    const doubtful = await setting.service.send(TEXT, 'key');
    expect(doubtful).toMatchObject({ status: 202, body: { status: 'in_doubt' } });

    await report(lastReference(), 'delivered');

    expect(await setting.service.send(TEXT, 'key')).toMatchObject({ status: 201, body: { status: 'delivered' } });
    expect(setting.provider.calls).toHaveLength(1);
  });
});

describe('the sweep', () => {
  it('puts a send in doubt whose lease ran out without an outcome', async () => {
    setting.table.wire.failAt(2, 'before');
    const { body } = await setting.service.send(TEXT);
    setting.service.setNow(secondsAfterNoon(59));
    await setting.service.sweep();
    expect(await messageOf(body['id'])).toMatchObject({ status: 'accepted' });

    setting.service.setNow(secondsAfterNoon(61));
    await setting.service.sweep();

    expect(await messageOf(body['id'])).toMatchObject({ status: 'in_doubt' });
    expect(setting.service.log.counts).toMatchObject({ SendsInDoubt: 1 });
  });

  it('continues with the other sends after one that cannot be read, which it counts', async () => {
    const { table, service } = setting;
    const ids: unknown[] = [];
    for (const key of ['one', 'other']) {
      table.wire.reset();
      table.wire.failAt(2, 'before');
      ids.push((await service.send(TEXT, key)).body['id']);
    }
    const [broken] = (await table.scan()).filter(({ id }) => id === ids[0]);
    await table.documents.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: { pk: broken?.['pk'], sk: broken?.['sk'] },
        UpdateExpression: 'SET leaseUntil = :never',
        ExpressionAttributeValues: { ':never': 'never' },
      }),
    );

    service.setNow(secondsAfterNoon(61));
    await service.sweep();

    expect(await messageOf(ids[1])).toMatchObject({ status: 'in_doubt' });
    expect(service.log.counts).toMatchObject({ SendsInDoubt: 1, ItemsUnreadable: 1 });
  });

  it('finds it days later too, when no sweep has run meanwhile', async () => {
    await setting.service.sweep();
    setting.table.wire.failAt(setting.table.wire.commands.length + 2, 'before');
    setting.table.wire.reset();
    setting.table.wire.failAt(2, 'before');
    const { body } = await setting.service.send(TEXT);

    setting.service.setNow(secondsAfterNoon(6 * 3_600));
    await setting.service.sweep();

    expect(await messageOf(body['id'])).toMatchObject({ status: 'in_doubt' });
  });

  it('measures the age of what is not settled, minute after minute', async () => {
    setting.answer({ hangUp: true });
    await setting.service.send(TEXT);

    setting.service.setNow(secondsAfterNoon(10 * MINUTE));
    await setting.service.sweep();
    expect(setting.service.log.counts).toMatchObject({ OldestInDoubtSeconds: 600 });
    expect(setting.service.log.counts).not.toMatchObject({ SendsInDoubtOverdue: 1 });
    setting.service.setNow(secondsAfterNoon(21 * MINUTE));
    await setting.service.sweep();

    expect(setting.service.log.counts).toMatchObject({ OldestInDoubtSeconds: 1_260, SendsInDoubtOverdue: 1 });
  });

  it('leaves alone what is settled', async () => {
    const { body } = await setting.service.send(TEXT);
    setting.service.setNow(secondsAfterNoon(10 * MINUTE));

    await setting.service.sweep();

    expect(await messageOf(body['id'])).toMatchObject({ status: 'sent' });
    expect(setting.service.log.counts).toMatchObject({ OldestInDoubtSeconds: 0 });
  });
});

describe('a person who settles a send in doubt', () => {
  const template = { channel: 'support', to: CUSTOMER, content: aTemplateContent() };
  let id: string;
  beforeEach(async () => {
    setting.service.setNow(secondsAfterNoon(2 * DAY));
    setting.answer({ hangUp: true });
    id = String((await setting.service.send(template)).body['id']);
  });
  const available = async () =>
    ((await setting.service.session('support', CUSTOMER)).body['reengagement'] as { available: boolean }).available;

  it('may say that it was sent', async () => {
    expect(await setting.service.resolve(id, { outcome: 'sent' })).toMatchObject({
      status: 200,
      body: { status: 'sent', statuses: [{}, { status: 'in_doubt' }, { status: 'sent', by: 'operator' }] },
    });
    expect(await available()).toBe(false);
  });

  it('may say that it was not sent, which frees the slot', async () => {
    expect(await setting.service.resolve(id, { outcome: 'not_sent' })).toMatchObject({
      status: 200,
      body: { status: 'failed' },
    });
    expect(await available()).toBe(true);
    expect((await setting.service.resolve(id, { outcome: 'not_sent' })).status).toBe(200);
  });

  it('is overridden by the provider', async () => {
    await setting.service.resolve(id, { outcome: 'not_sent' });

    await report(lastReference(), 'delivered');

    expect(await messageOf(id)).toMatchObject({ status: 'delivered' });
    expect(await available()).toBe(false);
    expect(await setting.service.resolve(id, { outcome: 'not_sent' })).toMatchObject({
      status: 409,
      body: { code: 'message_settled' },
    });
  });

  it('is what a repeat under the same key is told', async () => {
    await setting.service.resolve(id, { outcome: 'not_sent' });
    setting.answer({ hangUp: true });
    const keyed = String((await setting.service.send(template, 'key')).body['id']);
    await setting.service.resolve(keyed, { outcome: 'not_sent' });

    expect(await setting.service.send(template, 'key')).toMatchObject({
      status: 409,
      headers: { 'idempotent-replayed': 'true' },
      body: { code: 'message_settled', id: keyed },
    });
  });

  it('is refused while the send is running, for what is settled, unknown or not an outcome', async () => {
    setting.answer({ body: { messages: [{ id: 'wamid.sent' }] } });
    await setting.table.store.recordInbound(anArrival({ at: secondsAfterNoon(2 * DAY) }));
    setting.table.wire.reset();
    setting.table.wire.failAt(2, 'before');
    const { body: running } = await setting.service.send(TEXT);
    const { body: sent } = await setting.service.send(TEXT);

    expect(await setting.service.resolve(String(running['id']), { outcome: 'sent' })).toMatchObject({
      status: 409,
      body: { code: 'idempotency_in_progress' },
    });
    expect(await setting.service.resolve(String(sent['id']), { outcome: 'not_sent' })).toMatchObject({
      status: 409,
      body: { code: 'message_settled' },
    });
    for (const unknown of ['msg_00000000000000000000000000', 'x'.repeat(3_000)])
      expect(await setting.service.resolve(unknown, { outcome: 'sent' })).toMatchObject({ status: 404 });
    expect(await setting.service.resolve(id, { outcome: 'perhaps' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'outcome' }] },
    });
  });
});
