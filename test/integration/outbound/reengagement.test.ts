import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerKey, sessionKey } from '../../../functions/shared/store/keys.ts';
import { toReference } from '../../../functions/shared/store/message/message-reference.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const DAY = 86_400;
const TEMPLATE = { channel: 'support', to: CUSTOMER, content: aTemplateContent() };

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  await register(setting.table, aTemplate());
});
afterEach(() => setting.close());

const customerWrote = (at = NOON, now = at) => setting.table.store.recordInbound(anArrival({ at, now }));
const sendTemplate = (overrides: Record<string, unknown> = {}) =>
  setting.service.send({ ...TEMPLATE, content: aTemplateContent(overrides) });
const reengagement = async () =>
  (await setting.service.session('support', CUSTOMER)).body['reengagement'] as { available: boolean };
const reportOn = (id: unknown, at: Date) => ({
  channel: 'support',
  reference: toReference({ atMs: at.getTime(), id: String(id), customer: CUSTOMER }),
  providerMessageId: 'wamid.sent',
  atMs: at.getTime() + 1_000,
});
const fail = (id: unknown, at: Date, code = '131026') =>
  setting.table.store.recordStatus({
    ...reportOn(id, at),
    to: 'failed',
    error: { code, title: 'Not delivered', class: 'never' },
  });
const deliver = (id: unknown, at: Date) => setting.table.store.recordStatus({ ...reportOn(id, at), to: 'delivered' });

describe('a customer who wrote on Friday and is answered on Monday', () => {
  it('gets no text, one template, no second one, and texts again after replying', async () => {
    const { service, provider } = setting;
    await customerWrote();
    await setting.consent('opted_in');
    service.setNow(secondsAfterNoon(3 * DAY));

    expect(await service.send(TEXT)).toMatchObject({
      status: 409,
      body: { code: 'window_closed', nextAction: 'send_template' },
    });
    expect(await sendTemplate()).toMatchObject({
      status: 201,
      body: {
        sentAs: 'template',
        usedReengagement: true,
        status: 'sent',
        session: { reengagement: { available: false }, allowed: [], nextAction: 'wait_for_customer' },
      },
    });
    expect(await sendTemplate()).toMatchObject({
      status: 409,
      body: { code: 'reengagement_used', nextAction: 'wait_for_customer' },
    });
    expect(await service.send(TEXT)).toMatchObject({
      status: 409,
      body: { code: 'window_closed', nextAction: 'wait_for_customer' },
    });

    await customerWrote(secondsAfterNoon(3 * DAY + 60));
    service.setNow(secondsAfterNoon(3 * DAY + 120));
    expect(await service.send(TEXT)).toMatchObject({ status: 201, body: { sentAs: 'session' } });
    expect(provider.calls).toHaveLength(2);
  });
});

describe('a customer who never wrote', () => {
  it('gets nothing without an opt-in', async () => {
    expect(await sendTemplate()).toMatchObject({
      status: 409,
      body: { code: 'not_opted_in', nextAction: 'collect_opt_in' },
    });
    expect(setting.provider.calls).toEqual([]);
  });

  it('has the slot free once opted in', async () => {
    await setting.consent('opted_in');

    expect(await reengagement()).toEqual({ available: true });
    expect(await sendTemplate()).toMatchObject({ status: 201, body: { usedReengagement: true } });
  });
});

describe('the slot', () => {
  const closed = secondsAfterNoon(2 * DAY);
  beforeEach(async () => {
    await customerWrote();
    await setting.consent('opted_in');
    setting.service.setNow(closed);
    setting.table.wire.reset();
  });

  it('is taken by exactly one of twenty templates sent at once; the others are told so', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => sendTemplate()));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['code'] === 'reengagement_used')).toHaveLength(19);
    expect(setting.provider.calls).toHaveLength(1);
  });

  it('costs one write more than a session message', async () => {
    await sendTemplate();

    expect(setting.table.wire.commands).toEqual(['BatchGetItem', 'TransactWriteItems', 'UpdateItem']);
  });

  it('is not used by a template inside the window, nor by a notification', async () => {
    setting.service.setNow(secondsAfterNoon(60));
    expect(await sendTemplate()).toMatchObject({ status: 201, body: { usedReengagement: false } });
    setting.service.setNow(closed);
    expect(await sendTemplate({ purpose: 'notification' })).toMatchObject({
      status: 201,
      body: { usedReengagement: false },
    });

    expect(await reengagement()).toEqual({ available: true });
  });

  it('is given back by a template that the provider refuses', async () => {
    setting.answer({ status: 400, body: { error: { code: 132015, message: 'paused' } } });

    expect(await sendTemplate()).toMatchObject({ status: 502, body: { nextAction: 'fix_template' } });

    expect(await reengagement()).toEqual({ available: true });
  });

  it('is given back by a failure that arrives days later, also when it is delivered again', async () => {
    const { body } = await sendTemplate();
    expect(await reengagement()).toEqual({ available: false });

    await fail(body['id'], closed);
    await fail(body['id'], closed);

    expect(await reengagement()).toEqual({ available: true });
    expect(await sendTemplate()).toMatchObject({ status: 201 });
  });

  it('is given back when the failure is delivered again after a crash between its two writes', async () => {
    const { body } = await sendTemplate();
    setting.table.wire.reset();
    setting.table.wire.failAt(1, 'before');

    await expect(fail(body['id'], closed)).rejects.toThrow('connection lost');
    await fail(body['id'], closed);

    expect(await reengagement()).toEqual({ available: true });
  });

  it('is not given back by the failure of a message that does not hold it', async () => {
    const { body: first } = await sendTemplate();
    await fail(first['id'], closed);
    await sendTemplate();

    await fail(first['id'], closed);

    expect(await reengagement()).toEqual({ available: false });
  });

  it('is kept by a send in doubt', async () => {
    setting.answer({ hangUp: true });

    expect(await sendTemplate()).toMatchObject({ status: 202 });

    expect(await reengagement()).toEqual({ available: false });
  });

  it('is freed by the customer’s next session, not by a redelivered or an older message', async () => {
    await sendTemplate();

    await customerWrote(NOON, secondsAfterNoon(2 * DAY + 10));
    expect(await reengagement()).toEqual({ available: false });
    await customerWrote(secondsAfterNoon(DAY + 3_600), secondsAfterNoon(2 * DAY + 20));
    setting.service.setNow(secondsAfterNoon(4 * DAY));
    expect(await reengagement()).toEqual({ available: false });
    await customerWrote(secondsAfterNoon(4 * DAY));
    setting.service.setNow(secondsAfterNoon(6 * DAY));
    expect(await reengagement()).toEqual({ available: true });
  });

  it('is freed by a second message in a session that an older message opened', async () => {
    await sendTemplate();
    await customerWrote(secondsAfterNoon(2 * DAY - 600), secondsAfterNoon(2 * DAY + 60));
    await customerWrote(secondsAfterNoon(2 * DAY + 120));

    setting.service.setNow(secondsAfterNoon(4 * DAY));

    expect(await reengagement()).toEqual({ available: true });
  });

  it('is freed by it too where the template had failed when the older message came, and proved delivered after it', async () => {
    const { body } = await sendTemplate();
    await fail(body['id'], closed);
    await customerWrote(secondsAfterNoon(2 * DAY - 600), secondsAfterNoon(2 * DAY + 60));
    await deliver(body['id'], closed);
    await customerWrote(secondsAfterNoon(2 * DAY + 120));

    setting.service.setNow(secondsAfterNoon(4 * DAY));

    expect(await reengagement()).toEqual({ available: true });
  });

  it('counts as free when it was taken in the second in which the customer wrote', async () => {
    await sendTemplate();
    await customerWrote(closed);

    setting.service.setNow(secondsAfterNoon(4 * DAY));

    expect(await reengagement()).toEqual({ available: true });
  });

  it('may be taken as often as the channel says', async () => {
    const channel = setting.service.runtime.channel('support');
    if (channel === undefined) throw new Error('no channel');
    Object.assign(channel, { reengagementLimit: 2 });

    const answers = await Promise.all(Array.from({ length: 6 }, () => sendTemplate()));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.filter(({ body }) => body['code'] === 'reengagement_used')).toHaveLength(4);
  });
});

describe('a template and a message of the customer that race', () => {
  const closed = secondsAfterNoon(2 * DAY);
  const wrote = secondsAfterNoon(2 * DAY - 5);
  /** Does something just before the request with that number reaches the table. */
  const between = (number: number, act: () => Promise<unknown>) => {
    let seen = 0;
    setting.table.client.middlewareStack.add(
      (next) => async (args) => {
        seen += 1;
        if (seen === number) await act();
        return next(args);
      },
      { step: 'initialize', name: `between${number}` },
    );
  };
  beforeEach(async () => {
    await customerWrote();
    await setting.consent('opted_in');
    setting.service.setNow(closed);
  });

  const other = () => setting.table.peer();

  it.each([1, 2, 3])(
    'leave the slot spent until the customer writes again, or unused, whichever came first: message before request %i of the send',
    async (number) => {
      between(number, () => other().recordInbound(anArrival({ at: wrote, now: closed, id: 'wamid.race' })));

      const answer = await sendTemplate();

      expect(answer.status).toBe(201);
      const session = await setting.table.read(sessionKey(CHANNEL, CUSTOMER));
      const record = await setting.table.read(customerKey(CHANNEL, CUSTOMER));
      expect(session).toMatchObject({ lastInboundAt: NOON_SECONDS + 2 * DAY - 5 });
      // Either the send saw the open window and needs no slot, or the session knows of the slot that was taken before it.
      if (answer.body['usedReengagement'] === true) expect(session?.['slotUsedAt']).toBe(record?.['slotUsedAt']);
      else expect(record).not.toHaveProperty('slotHolders');
      await other().recordInbound(anArrival({ at: secondsAfterNoon(2 * DAY + 30), id: 'wamid.next' }));
      setting.service.setNow(secondsAfterNoon(4 * DAY));
      expect(await reengagement()).toEqual({ available: true });
    },
  );

  it.each([1, 2, 3, 4])(
    'leave the slot spent until the customer writes again: template before request %i of the message',
    async (number) => {
      let answer: Awaited<ReturnType<typeof sendTemplate>> | undefined;
      const writer = setting.table.tapped(number, async () => {
        answer = await sendTemplate();
      });
      await writer.recordInbound(anArrival({ at: wrote, now: closed, id: 'wamid.race' }));

      const session = await setting.table.read(sessionKey(CHANNEL, CUSTOMER));
      if (answer?.body['usedReengagement'] === true)
        expect(session).toMatchObject({ slotUsedAt: NOON_SECONDS + 2 * DAY });
      await other().recordInbound(anArrival({ at: secondsAfterNoon(2 * DAY + 30), id: 'wamid.next' }));
      setting.service.setNow(secondsAfterNoon(4 * DAY));
      expect(await reengagement()).toEqual({ available: true });
    },
  );
});

describe('a window write that lands after the end of the session', () => {
  it('leaves the slot to be freed by the customer’s next message', async () => {
    await customerWrote();
    await setting.consent('opted_in');
    const justBefore = secondsAfterNoon(DAY - 1);
    setting.service.setNow(secondsAfterNoon(DAY));
    const writer = setting.table.tapped(1, async () => {
      expect(await sendTemplate()).toMatchObject({ status: 201, body: { usedReengagement: true } });
    });

    await writer.recordInbound(anArrival({ at: justBefore, now: justBefore, id: 'wamid.last' }));
    await setting.table.peer().recordInbound(anArrival({ at: secondsAfterNoon(DAY + 60), id: 'wamid.reply' }));
    setting.service.setNow(secondsAfterNoon(3 * DAY));

    expect(await reengagement()).toEqual({ available: true });
  });
});

describe('a provider whose clock runs ahead', () => {
  it('does not keep the slot from being used', async () => {
    await setting.table.store.recordInbound(anArrival({ at: secondsAfterNoon(250), now: NOON }));
    await setting.consent('opted_in');
    const closed = { channel: 'support', customer: CUSTOMER, decidedOn: NOON_SECONDS + 250, atMs: NOON.getTime() };
    await setting.table.store.recordProviderClosed(closed);

    expect(await sendTemplate()).toMatchObject({ status: 201, body: { usedReengagement: true } });
    expect(await sendTemplate()).toMatchObject({ status: 409, body: { code: 'reengagement_used' } });
  });
});

describe('a fallback template', () => {
  const withFallback = { ...TEXT, fallbackTemplate: aTemplateContent() };
  beforeEach(async () => {
    await customerWrote();
    await setting.consent('opted_in');
  });

  it('stays behind while the session message may go', async () => {
    setting.service.setNow(secondsAfterNoon(60));

    expect(await setting.service.send(withFallback)).toMatchObject({
      status: 201,
      body: { sentAs: 'session', usedFallback: false },
    });
  });

  it('goes instead once the window is closed, and the answer says so', async () => {
    setting.service.setNow(secondsAfterNoon(2 * DAY));

    expect(await setting.service.send(withFallback)).toMatchObject({
      status: 201,
      body: { sentAs: 'template', usedFallback: true, usedReengagement: true },
    });
    expect(setting.provider.calls[0]?.body).toMatchObject({ type: 'template', template: { name: 'order_update' } });
  });

  it('answers with its own refusal when it may not go either', async () => {
    setting.service.setNow(secondsAfterNoon(2 * DAY));
    await setting.service.send(withFallback);

    expect(await setting.service.send(withFallback)).toMatchObject({
      status: 409,
      body: { code: 'reengagement_used' },
    });
  });

  it('names its own fields', async () => {
    setting.service.setNow(secondsAfterNoon(2 * DAY));
    const short = aTemplateContent({ components: [{ type: 'body', parameters: [{ type: 'text', text: 'Mira' }] }] });

    expect(await setting.service.send({ ...TEXT, fallbackTemplate: short })).toMatchObject({
      status: 422,
      body: {
        code: 'template_parameters_invalid',
        errors: [{ path: expect.stringMatching(/^fallbackTemplate\.components/) }],
      },
    });
  });
});

describe('a template that may not go', () => {
  it.each([
    ['template_unknown', aTemplateContent({ name: 'nobody_knows' })],
    ['template_unknown', aTemplateContent({ name: 'No-such Template' })],
    ['template_unknown', aTemplateContent({ language: 'de' })],
    [
      'template_parameters_invalid',
      aTemplateContent({
        components: [
          ...aTemplateContent().components,
          { type: 'button', sub_type: 'quick_reply', index: -1, parameters: [] },
        ],
      }),
    ],
    ['template_not_approved', aTemplateContent({ name: 'paused_one' })],
    ['template_parameters_invalid', aTemplateContent({ components: [] })],
  ])('is refused as %s, with the way out, and nothing is written', async (code, content) => {
    await register(setting.table, aTemplate(), aTemplate({ name: 'paused_one', status: 'PAUSED' }));
    await setting.consent('opted_in');
    setting.table.wire.reset();

    expect(await setting.service.send({ ...TEMPLATE, content })).toMatchObject({
      status: 422,
      body: { code, nextAction: 'fix_template' },
    });
    expect(setting.table.wire.commands).toEqual(['BatchGetItem']);
  });

  it('is refused as a notification on a channel that forbids them', async () => {
    const channel = setting.service.runtime.channel('support');
    if (channel === undefined) throw new Error('no channel');
    Object.assign(channel, { notifications: 'forbid' });

    expect(await sendTemplate({ purpose: 'notification' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: 'content.purpose' }] },
    });
  });

  it('goes out in its fallback language when it is not approved in the one asked for', async () => {
    await register(setting.table, aTemplate({ status: 'REJECTED' }), aTemplate({ language: 'de' }));
    await setting.consent('opted_in');

    expect(await sendTemplate({ fallbackLanguage: 'de' })).toMatchObject({ status: 201 });
    expect(setting.provider.calls[0]?.body).toMatchObject({ template: { language: { code: 'de' } } });
  });
});

describe('the record of a template', () => {
  it('keeps what the decision was made on', async () => {
    await customerWrote();
    await setting.consent('opted_in');
    setting.service.setNow(secondsAfterNoon(2 * DAY));

    const { body } = await sendTemplate();

    expect((await setting.service.message(String(body['id']))).body['decision']).toEqual({
      at: secondsAfterNoon(2 * DAY).toISOString(),
      expiresAt: secondsAfterNoon(DAY).toISOString(),
      lastInboundAt: NOON.toISOString(),
      lastOpenedAt: NOON.toISOString(),
      consent: 'opted_in',
      consentVersion: 1,
      template: { name: 'order_update', language: 'en_US', category: 'UTILITY', version: 1 },
      slotUsedAt: null,
      usesReengagement: true,
    });
  });
});
