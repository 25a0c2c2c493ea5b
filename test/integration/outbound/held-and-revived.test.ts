import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pricing } from '../../../functions/shared/domain/pricing.ts';
import type { ReportedStatus } from '../../../functions/shared/domain/status.ts';
import { toReference } from '../../../functions/shared/store/message/message-reference.ts';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const DAY = 86_400;
const CLOSED = secondsAfterNoon(2 * DAY);
const UTILITY: Pricing = { category: 'utility', type: 'regular', model: 'PMP' };

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  await register(setting.table, aTemplate());
  await setting.table.store.recordInbound(anArrival({ at: NOON, now: NOON }));
  await setting.consent('opted_in');
  setting.service.setNow(CLOSED);
});
afterEach(() => setting.close());

const sendTemplate = (key?: string) =>
  setting.service.send({ channel: 'support', to: CUSTOMER, content: aTemplateContent() }, key);
const customerWrites = (seconds: number) =>
  setting.table.store.recordInbound(anArrival({ at: secondsAfterNoon(seconds) }));
const isFree = async () => {
  const { body } = await setting.service.session('support', CUSTOMER);
  return (body['reengagement'] as { available: boolean }).available;
};
const messageOf = async (id: unknown) => (await setting.service.message(String(id))).body;

interface Report {
  readonly sentAt?: Date;
  readonly code?: string;
  readonly pricing?: Pricing;
  readonly store?: OutboundSetting['table']['store'];
}
const report = (id: unknown, to: ReportedStatus, { sentAt = CLOSED, code = '131026', pricing, store }: Report = {}) =>
  (store ?? setting.table.store).recordStatus({
    channel: 'support',
    reference: toReference({ atMs: sentAt.getTime(), id: String(id), customer: CUSTOMER }),
    providerMessageId: 'wamid.sent.1',
    to,
    atMs: sentAt.getTime() + 1_000,
    error: to === 'failed' ? { code, title: 'Not delivered', class: 'never' } : undefined,
    pricing,
  });

describe('failed-then-delivered: a message that reached the customer after its failure was reported', () => {
  it('ends as read, with its price, and has its slot again', async () => {
    const { body } = await sendTemplate();
    await report(body['id'], 'failed');
    expect(await isFree()).toBe(true);

    await report(body['id'], 'delivered', { pricing: UTILITY });
    await report(body['id'], 'read');

    expect(await messageOf(body['id'])).toMatchObject({
      status: 'read',
      pricing: { category: 'utility' },
      statuses: [{}, { status: 'sent' }, { status: 'failed' }, { status: 'delivered' }, { status: 'read' }],
    });
    expect(await sendTemplate()).toMatchObject({ status: 409, body: { code: 'reengagement_used' } });
  });

  it('stays failed when sent is reported late', async () => {
    const { body } = await sendTemplate();
    await report(body['id'], 'failed');

    await report(body['id'], 'sent');

    expect(await messageOf(body['id'])).toMatchObject({ status: 'failed' });
    expect(await isFree()).toBe(true);
  });

  it('is delivered too where the answer to the send had refused it', async () => {
    setting.answer({ status: 400, body: { error: { code: 131_026, message: 'Undeliverable' } } });
    const { body } = await sendTemplate();

    await report(body['id'], 'delivered');

    expect(await messageOf(body['id'])).toMatchObject({ status: 'delivered' });
    expect(await isFree()).toBe(false);
  });

  it('takes no slot once the customer has opened another session', async () => {
    const { body } = await sendTemplate();
    await report(body['id'], 'failed');
    await customerWrites(2 * DAY + 60);
    setting.service.setNow(secondsAfterNoon(4 * DAY));

    await report(body['id'], 'delivered');

    expect(await isFree()).toBe(true);
  });

  it('takes no slot of a later template, which alone frees it again', async () => {
    const { body: first } = await sendTemplate();
    await report(first['id'], 'failed');
    await customerWrites(2 * DAY + 60);
    const later = secondsAfterNoon(4 * DAY);
    setting.service.setNow(later);
    const { body: second } = await sendTemplate();
    expect(second).toMatchObject({ usedReengagement: true });

    await report(first['id'], 'delivered');
    await report(second['id'], 'failed', { sentAt: later });

    expect(await isFree()).toBe(true);
  });

  it('keeps its slot when the delivery is recorded between the two writes of the failure', async () => {
    const { body } = await sendTemplate();
    const between = () => report(body['id'], 'delivered', { store: setting.table.peer() });

    await report(body['id'], 'failed', { store: setting.table.tapped(2, between) });

    expect(await messageOf(body['id'])).toMatchObject({ status: 'delivered' });
    expect(await isFree()).toBe(false);
  });

  it('has its slot again when the delivery is repeated after a crash between its two writes', async () => {
    const { body } = await sendTemplate();
    await report(body['id'], 'failed');
    setting.table.wire.reset();
    setting.table.wire.failAt(1, 'before');

    await expect(report(body['id'], 'delivered')).rejects.toThrow('connection lost');
    await report(body['id'], 'delivered');

    expect(await isFree()).toBe(false);
  });
});

describe('held-template: a template that Meta keeps back', () => {
  const hold = (message_status = 'held_for_quality_assessment') =>
    setting.answer({ body: { messaging_product: 'whatsapp', messages: [{ id: 'wamid.E1', message_status }] } });

  it.each(['held_for_quality_assessment', 'paused'])('is answered 201 and stored as held: %s', async (status) => {
    hold(status);

    const { status: http, body } = await sendTemplate('key');

    expect({ http, body }).toMatchObject({ http: 201, body: { status: 'held', providerMessageId: 'wamid.E1' } });
    expect(await messageOf(body['id'])).toMatchObject({ status: 'held', providerMessageId: 'wamid.E1' });
    expect(await isFree()).toBe(false);
    expect(await sendTemplate('key')).toMatchObject({
      status: 201,
      headers: { 'idempotent-replayed': 'true' },
      body: { id: body['id'], status: 'held' },
    });
    expect(setting.provider.calls).toHaveLength(1);
    expect(setting.service.log.counts).toMatchObject({ MessagesHeld: 1 });
  });

  it('is neither in doubt nor overdue, however long it is held, and no operator settles it', async () => {
    hold();
    const { body } = await sendTemplate();
    setting.service.setNow(secondsAfterNoon(3 * DAY));

    await setting.service.sweep();

    expect(await messageOf(body['id'])).toMatchObject({ status: 'held' });
    expect(setting.service.log.counts).toMatchObject({ OldestInDoubtSeconds: 0 });
    expect(await setting.service.resolve(String(body['id']), { outcome: 'not_sent' })).toMatchObject({
      status: 409,
      body: { code: 'message_settled' },
    });
    expect(await isFree()).toBe(false);
  });

  it('is sent when Meta releases it, and keeps its slot', async () => {
    hold();
    const { body } = await sendTemplate();

    await report(body['id'], 'sent');

    expect(await messageOf(body['id'])).toMatchObject({ status: 'sent' });
    expect(await isFree()).toBe(false);
  });

  it('fails when Meta drops it, which frees the slot', async () => {
    hold();
    const { body } = await sendTemplate();

    await report(body['id'], 'failed', { code: '132015' });

    expect(await messageOf(body['id'])).toMatchObject({ status: 'failed' });
    expect(await isFree()).toBe(true);
  });

  it('is accepted as any other where Meta says so', async () => {
    hold('accepted');

    expect((await sendTemplate()).body).toMatchObject({ status: 'sent' });
    expect(await setting.service.send(TEXT)).toMatchObject({ status: 409 });
  });
});
