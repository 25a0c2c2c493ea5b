import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const DAY = 86_400;
const TAKEN = { body: { messages: [{ id: 'wamid.sent' }] } };
const BUSY = { status: 503, body: { error: { code: 131016, message: 'down' } } };
const SLOW_DOWN = { status: 400, body: { error: { code: 131056, message: 'pair rate' } } };

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  await setting.table.store.recordInbound(anArrival());
});
afterEach(() => setting.close());

/** Answers in this order, the last one from then on. */
const inTurn = (...answers: readonly object[]) => {
  let turn = 0;
  setting.answer(() => {
    const answer = answers[Math.min(turn, answers.length - 1)];
    turn += 1;
    return answer ?? TAKEN;
  });
};

describe('a fault that came before the message left', () => {
  it('is tried again, and the caller sees only that it was sent', async () => {
    inTurn(BUSY, BUSY, TAKEN);

    expect(await setting.service.send(TEXT)).toMatchObject({ status: 201 });
    expect(setting.provider.calls).toHaveLength(3);
  });

  it('is tried again with full jitter', async () => {
    inTurn(BUSY, BUSY, TAKEN);
    await setting.service.send(TEXT);

    const [first = Number.NaN, second = Number.NaN] = setting.service.pauses;
    expect(first).toBeLessThanOrEqual(400);
    expect(second).toBeLessThanOrEqual(800);
  });

  it('is tried again after 4^X seconds where WhatsApp asks to slow down, then answered 503 with the next of them', async () => {
    inTurn(SLOW_DOWN);

    const refused = await setting.service.send(TEXT);

    const [first = Number.NaN, second = Number.NaN] = setting.service.pauses;
    expect(Math.floor(first / 1_000)).toBe(1);
    expect(Math.floor(second / 1_000)).toBe(4);
    expect(refused).toMatchObject({ status: 503, body: { code: 'provider_rate_limited' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(16);
  });

  it('waits as long as the provider asks for, and not at all when that is too long', async () => {
    inTurn({ ...BUSY, headers: { 'retry-after': '3' } }, { ...BUSY, headers: { 'retry-after': '600' } });

    const refused = await setting.service.send(TEXT);

    expect(setting.service.pauses.map((pause) => Math.floor(pause / 1_000))).toEqual([3]);
    expect(refused.headers['retry-after']).toBe('600');
    expect(setting.provider.calls).toHaveLength(2);
  });

  it('is tried a few times only by a provider that lets us come back at once', async () => {
    inTurn({ ...BUSY, headers: { 'retry-after': '0' } });

    expect((await setting.service.send(TEXT)).headers['retry-after']).toBe('1');
    expect(setting.provider.calls).toHaveLength(5);
  });

  it('is not tried again when the outcome became doubtful', async () => {
    inTurn(BUSY, { hangUp: true }, TAKEN);

    expect(await setting.service.send(TEXT)).toMatchObject({ status: 202 });
    expect(setting.provider.calls).toHaveLength(2);
  });

  it('is not tried again when the customer opts out meanwhile', async () => {
    setting.answer(async () => {
      await setting.consent('opted_out', secondsAfterNoon(10));
      return BUSY;
    });

    const refused = await setting.service.send(TEXT);

    expect(refused).toMatchObject({ status: 409, body: { code: 'opted_out' } });
    expect(setting.provider.calls).toHaveLength(1);
    expect((await setting.service.message(String(refused.body['id']))).body).toMatchObject({ status: 'failed' });
  });

  it('does not stand in the way of its own further attempt with the slot it holds', async () => {
    await register(setting.table, aTemplate());
    await setting.consent('opted_in');
    setting.service.setNow(secondsAfterNoon(2 * DAY));
    inTurn(BUSY, TAKEN);

    expect(await setting.service.send({ channel: 'support', to: CUSTOMER, content: aTemplateContent() })).toMatchObject(
      { status: 201, body: { usedReengagement: true } },
    );
  });

  it('is not tried again as the fallback template when the window ends meanwhile: the recorded message never changes', async () => {
    await register(setting.table, aTemplate());
    await setting.consent('opted_in');
    setting.service.setNow(secondsAfterNoon(DAY - 32));
    setting.answer(() => {
      setting.service.setNow(secondsAfterNoon(DAY + 1));
      return BUSY;
    });
    const request = { ...TEXT, fallbackTemplate: aTemplateContent() };

    const refused = await setting.service.send(request, 'key');

    expect(refused).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
    expect(setting.provider.calls).toHaveLength(1);
    setting.answer(TAKEN);
    expect(await setting.service.send(request, 'key')).toMatchObject({
      status: 201,
      body: { id: refused.body['id'], sentAs: 'template', usedFallback: true, usedReengagement: true },
    });
  });

  it('takes no template past the slot when the window ends meanwhile', async () => {
    await register(setting.table, aTemplate());
    await setting.consent('opted_in');
    setting.service.setNow(secondsAfterNoon(DAY - 1));
    setting.answer(() => {
      setting.service.setNow(secondsAfterNoon(DAY + 1));
      return BUSY;
    });
    const template = { channel: 'support', to: CUSTOMER, content: aTemplateContent() };

    expect(await setting.service.send(template)).toMatchObject({ status: 503 });
    setting.answer(TAKEN);

    expect(await setting.service.send(template)).toMatchObject({ status: 201, body: { usedReengagement: true } });
    expect((await setting.service.send(template)).body).toMatchObject({ code: 'reengagement_used' });
  });
});

describe('a fault of ours beside the provider call', () => {
  it('between two attempts ends the send as what is known: nothing was sent, and the key is free', async () => {
    inTurn(BUSY, TAKEN);
    setting.table.wire.reset();
    setting.table.wire.failAt(2, 'before');

    expect(await setting.service.send(TEXT, 'key')).toMatchObject({ status: 503, body: { nextAction: 'retry_later' } });
    expect(await setting.service.send(TEXT, 'key')).toMatchObject({ status: 201 });
    expect(setting.provider.calls).toHaveLength(2);
  });

  it('while the consent is written does not put a refused send in doubt', async () => {
    await register(setting.table, aTemplate({ category: 'MARKETING' }));
    await setting.consent('opted_in', new Date(NOON.getTime() - 86_400_000));
    setting.service.setNow(secondsAfterNoon(2 * DAY));
    setting.answer({ status: 400, body: { error: { code: 131050, message: 'stopped' } } });
    setting.table.wire.reset();
    setting.table.wire.failAt(4, 'before');

    const { body } = await setting.service.send({ channel: 'support', to: CUSTOMER, content: aTemplateContent() });

    expect((await setting.service.message(String(body['id']))).body).toMatchObject({ status: 'failed' });
    expect((await setting.service.session('support', CUSTOMER)).body).toMatchObject({
      reengagement: { available: true },
    });
  });
});

describe('an opt-out between the decision and the claim', () => {
  it.each([
    ['a session message', 60, TEXT],
    ['a template inside the window', 60, { channel: 'support', to: CUSTOMER, content: aTemplateContent() }],
    [
      'a notification',
      2 * DAY,
      { channel: 'support', to: CUSTOMER, content: aTemplateContent({ purpose: 'notification' }) },
    ],
  ])('beats %s', async (_, now, request) => {
    await register(setting.table, aTemplate());
    await setting.consent('opted_in');
    setting.service.setNow(secondsAfterNoon(now));
    let requests = 0;
    setting.table.client.middlewareStack.add(
      (next) => async (args) => {
        requests += 1;
        if (requests === 2)
          await setting.table.peer().recordConsent({
            channel: 'support',
            customer: CUSTOMER,
            now: secondsAfterNoon(now),
            change: {
              id: 'late',
              scope: 'all',
              state: 'opted_out',
              effectiveAt: secondsAfterNoon(now).getTime() / 1000,
              source: 'website',
              actor: 'customer',
            },
          });
        return next(args);
      },
      { step: 'initialize', name: 'optOut' },
    );

    expect(await setting.service.send(request)).toMatchObject({ status: 409, body: { code: 'opted_out' } });
    expect(setting.provider.calls).toEqual([]);
  });
});

describe('an error of a provider', () => {
  it.each([
    ['refuses', { status: 400, body: { error: { code: 131031, message: 'locked' } } }, 'alert'],
    ['asks to slow down', SLOW_DOWN, 'retry_later'],
    ['is down', BUSY, 'retry_now'],
    ['leaves in doubt', { hangUp: true }, 'never'],
  ])('that %s is counted by its class, once for a send however often it was tried', async (_, answer, errorClass) => {
    inTurn(answer);

    await setting.service.send(TEXT);

    expect(setting.service.log.counts).toMatchObject({
      ProviderErrors: 1,
      [`ProviderErrors{class=${errorClass}}`]: 1,
    });
  });

  it('that a further attempt made good again is not counted', async () => {
    inTurn(BUSY, TAKEN);

    await setting.service.send(TEXT);

    expect(setting.service.log.counts).not.toHaveProperty('ProviderErrors');
  });
});

describe('what the provider says of the customer', () => {
  it('closes the window that we held open, until the customer writes again', async () => {
    setting.answer({ status: 400, body: { error: { code: 131047, message: 're-engagement' } } });
    setting.service.setNow(secondsAfterNoon(60));

    const refused = await setting.service.send(TEXT);

    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'provider_window_closed', session: { state: 'closed' } },
    });
    setting.answer(TAKEN);
    expect((await setting.service.send(TEXT)).body).toMatchObject({ code: 'window_closed' });
    expect(setting.provider.calls).toHaveLength(1);
    expect(setting.service.log.counts).toMatchObject({ ProviderDisagreements: 1 });
    await setting.table.store.recordInbound(anArrival({ at: secondsAfterNoon(90) }));
    setting.service.setNow(secondsAfterNoon(120));
    expect((await setting.service.send(TEXT)).status).toBe(201);
  });

  it('does not close a window that the customer has opened meanwhile', async () => {
    setting.answer(async () => {
      await setting.table.peer().recordInbound(anArrival({ at: secondsAfterNoon(30), now: secondsAfterNoon(30) }));
      return { status: 400, body: { error: { code: 131047, message: 're-engagement' } } };
    });
    setting.service.setNow(secondsAfterNoon(60));

    await setting.service.send(TEXT);

    expect((await setting.service.session('support', CUSTOMER)).body).toMatchObject({ state: 'open' });
  });

  it('stops marketing templates and nothing else', async () => {
    await register(setting.table, aTemplate(), aTemplate({ name: 'offer', category: 'MARKETING' }));
    await setting.consent('opted_in', new Date(NOON.getTime() - 86_400_000));
    setting.answer({ status: 400, body: { error: { code: 131050, message: 'stopped' } } });
    const offer = { channel: 'support', to: CUSTOMER, content: aTemplateContent({ name: 'offer' }) };
    await setting.service.send(offer);
    setting.answer(TAKEN);

    expect(await setting.service.send(offer)).toMatchObject({
      status: 409,
      body: { code: 'opted_out', detail: expect.stringContaining('MARKETING') },
    });
    expect((await setting.service.send({ ...offer, content: aTemplateContent() })).status).toBe(201);
    expect((await setting.service.send(TEXT)).status).toBe(201);
  });
});

describe('a preflight', () => {
  it('decides as the send would, and sends and writes nothing', async () => {
    setting.table.wire.reset();

    const allowed = await setting.service.check(TEXT);
    setting.service.setNow(secondsAfterNoon(2 * DAY));
    const refused = await setting.service.check(TEXT);

    expect(allowed).toMatchObject({
      status: 200,
      body: { allowed: true, sentAs: 'session', usesReengagement: false, session: { state: 'open' } },
    });
    expect(refused).toMatchObject({
      status: 200,
      body: { allowed: false, code: 'window_closed', nextAction: 'collect_opt_in', detail: expect.any(String) },
    });
    expect(setting.table.wire.commands).toEqual(['BatchGetItem', 'BatchGetItem']);
    expect(setting.provider.calls).toEqual([]);
  });

  it('checks templates and fallbacks too', async () => {
    await register(setting.table, aTemplate());
    await setting.consent('opted_in');
    setting.service.setNow(secondsAfterNoon(2 * DAY));

    expect((await setting.service.check({ ...TEXT, fallbackTemplate: aTemplateContent() })).body).toMatchObject({
      allowed: true,
      sentAs: 'template',
      usesReengagement: true,
      usesFallback: true,
    });
    expect(
      (await setting.service.check({ ...TEXT, content: aTemplateContent({ name: 'nobody_knows' }) })).body,
    ).toMatchObject({ allowed: false, code: 'template_unknown', nextAction: 'fix_template' });
  });

  it('is refused as the send is when the request is not valid', async () => {
    expect(await setting.service.check({ ...TEXT, to: 'no body' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'to' }] },
    });
  });
});
