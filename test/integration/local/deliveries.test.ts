import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Config } from '../../../functions/shared/domain/config.ts';
import { MAX_ATTEMPTS } from '../../../functions/shared/domain/delivery.ts';
import { LOCAL_SIGNING_SECRET } from '../../../infra/local/local-config.ts';
import { createLocalDeliveries } from '../../../infra/local/local-deliveries.ts';
import type { Schedule } from '../../../infra/local/local-queue.ts';
import { BUILT_IN } from '../../../infra/shared/local-configuration.ts';
import { aDelivery, SIGNING_SECRET } from '../../support/deliveries.ts';
import { eventually } from '../../support/eventually.ts';
import { aLocalService } from '../../support/local.ts';
import { aProviderServer, type ProviderCall, type Scripted } from '../../support/provider-server.ts';
import { aLog } from '../../support/service.ts';

const CUSTOMER = '+15551234567';

const anEndpoint = async (script: (call: ProviderCall) => Scripted = () => ({ status: 204 })) => {
  const { url, calls, close } = await aProviderServer(script);
  onTestFinished(close);
  return { url, calls, types: () => calls.map(({ body }) => (body as { type: string }).type) };
};

/** The built-in numbers, with endpoints for the first. */
const withDeliveries = (...deliveries: readonly object[]) => {
  const [support, ...others] = BUILT_IN.channels;
  return { ...BUILT_IN, channels: [{ ...support, deliveries }, ...others] };
};

const verify = (secret: string, { text, headers }: ProviderCall) =>
  new Webhook(secret).verify(text, headers as Record<string, string>);

describe('the endpoints of a channel, on a laptop', () => {
  it('each get their events once, signed with their own secret or with the built-in one', async () => {
    const [crm, bot] = [await anEndpoint(), await anEndpoint()];
    const configuration = withDeliveries(
      { url: crm.url, events: ['session.opened'] },
      { url: bot.url, events: ['session.opened', 'message.received'], secrets: { signingSecrets: [SIGNING_SECRET] } },
    );
    const { write } = await aLocalService({ configuration });

    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await write({ channel: 'support-sinch', from: CUSTOMER, text: 'Hello' });
    await eventually(() => expect([...crm.calls, ...bot.calls]).toHaveLength(3));

    expect(crm.types()).toEqual(['session.opened']);
    expect(bot.types().sort()).toEqual(['message.received', 'session.opened']);
    for (const call of crm.calls)
      expect(verify(LOCAL_SIGNING_SECRET, call)).toMatchObject({ data: { channel: 'support', customer: CUSTOMER } });
    for (const call of bot.calls) expect(() => verify(SIGNING_SECRET, call)).not.toThrow();
  });

  it('verify the signature whatever the clock of the service shows', async () => {
    const crm = await anEndpoint();
    const { write, clock } = await aLocalService({
      configuration: withDeliveries({ url: crm.url, events: ['session.opened'] }),
    });

    await clock({ advanceSeconds: 86_400 });
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await eventually(() => expect(crm.calls).toHaveLength(1));

    for (const call of crm.calls) expect(() => verify(LOCAL_SIGNING_SECRET, call)).not.toThrow();
  });

  it('get an event again under the same id until they accept it, and other endpoints do not', async () => {
    const healthy = await anEndpoint();
    const unstable = await anEndpoint(() => ({ status: unstable.calls.length === 1 ? 503 : 200 }));
    const events = ['session.opened'];
    const { write, log } = await aLocalService({
      configuration: withDeliveries({ url: healthy.url, events }, { url: unstable.url, events }),
    });

    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await eventually(() => expect(unstable.calls).toHaveLength(2));

    expect(new Set(unstable.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(healthy.calls).toHaveLength(1);
    await eventually(() =>
      expect(log.lines).toContainEqual({
        code: 'event-delivery.delivered',
        fields: expect.objectContaining({ endpoint: 2, attempt: 2 }),
      }),
    );
  });
});

describe('an event that its endpoint does not accept', () => {
  const { type, detail } = aDelivery();

  /** A schedule that the test advances from one attempt to the next. */
  const aSchedule = () => {
    const delays: number[] = [];
    let cancelled = 0;
    const tasks: (() => void)[] = [];
    const schedule: Schedule = (seconds, task) => {
      delays.push(seconds);
      tasks.push(task);
      return () => {
        cancelled += 1;
      };
    };
    return {
      schedule,
      delays,
      cancelled: () => cancelled,
      next: async () => {
        await eventually(() => expect(tasks).toHaveLength(1));
        tasks.shift()?.();
      },
    };
  };

  const deliverTo = (url: string, schedule: Schedule) => {
    const deliveries = createLocalDeliveries({
      config: Config.parse({
        accounts: [{ id: 'shop-meta', provider: 'meta', wabaId: '1' }],
        channels: [{ id: 'support', account: 'shop-meta', phoneNumberId: '2', deliveries: [{ url }] }],
      }),
      secretsOf: async () => [SIGNING_SECRET],
      store: { recordOutcome: async () => undefined },
      now: () => new Date(),
      random: () => 0,
      log: aLog(),
      schedule,
    });
    onTestFinished(deliveries.stop);
    deliveries.deliver({ source: 'carewindow', type, detail });
    return deliveries;
  };

  it('is a dead letter after the last attempt, and is not sent again', async () => {
    const failing = await anEndpoint(() => ({ status: 500 }));
    const { schedule, delays, next } = aSchedule();
    const { deadLetters } = deliverTo(failing.url, schedule);

    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      expect(deadLetters()).toEqual([]);
      await next();
    }

    expect(delays).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000, 36_000, 0]);
    expect(failing.calls).toHaveLength(MAX_ATTEMPTS);
    expect(deadLetters().map((body) => JSON.parse(body) as unknown)).toEqual([
      { channel: 'support', url: failing.url, type, detail },
    ]);
  });

  it('is not retried once the service has stopped', async () => {
    const failing = await anEndpoint(() => ({ status: 500 }));
    const { schedule, delays, cancelled } = aSchedule();
    const { stop } = deliverTo(failing.url, schedule);

    await stop();

    expect(delays).toEqual([5]);
    expect(cancelled()).toBe(1);
  });
});

describe('the deliveries of a channel', () => {
  const PATH = '/v1/channels/support/deliveries';

  it('show each endpoint with its last outcomes, without the URL that may hold a key', async () => {
    const [crm, bot] = [await anEndpoint(), await anEndpoint(() => ({ status: 503 }))];
    const { write, call } = await aLocalService({
      configuration: withDeliveries(
        { url: `${crm.url}/hooks?key=7`, events: ['session.opened'] },
        { url: bot.url, events: ['session.opened'] },
        { url: `${crm.url}/other` },
      ),
    });
    expect(await call('GET', PATH)).toMatchObject({
      status: 200,
      body: { deliveries: [{ endpoint: 1, lastOutcome: null, lastDelivery: null, lastFailure: null }, {}, {}] },
    });

    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });

    await eventually(async () =>
      expect((await call('GET', PATH)).body.deliveries).toMatchObject([
        { origin: crm.url, events: ['session.opened'], lastOutcome: 'delivered', lastFailure: null },
        { endpoint: 2, lastOutcome: 'failed', lastDelivery: null, lastFailure: { code: 'http_503' } },
        { endpoint: 3, lastOutcome: 'delivered', events: expect.arrayContaining(['message.status']) },
      ]),
    );
    const { text, body } = await call('GET', PATH);
    expect(body.deliveries[1].lastFailure.eventId).toBe(bot.calls[0]?.headers['webhook-id']);
    expect(text).not.toContain('key=7');
    expect(text).not.toContain('/hooks');
    expect(await call('GET', '/v1/channels/support-sinch/deliveries')).toMatchObject({ body: { deliveries: [] } });
    expect(await call('GET', '/v1/channels/nowhere/deliveries')).toMatchObject({ status: 404 });
  });

  it('are tested with a signed event, which each endpoint gets once', async () => {
    const [crm, bot] = [await anEndpoint(() => ({ status: 500 })), await anEndpoint()];
    const { call } = await aLocalService({
      configuration: withDeliveries(
        { url: crm.url, events: ['session.opened'] },
        { url: bot.url, events: ['session.opened'] },
      ),
    });

    const all = await call('POST', `${PATH}/test`);
    await eventually(() => expect([...crm.calls, ...bot.calls]).toHaveLength(2));
    const one = await call('POST', `${PATH}/test`, { body: { endpoint: 2 } });
    await eventually(() => expect(bot.calls).toHaveLength(2));

    expect(all).toMatchObject({ status: 202, body: { endpoints: [1, 2] } });
    expect(one).toMatchObject({ status: 202, body: { endpoints: [2] } });
    for (const received of bot.calls)
      expect(verify(LOCAL_SIGNING_SECRET, received)).toMatchObject({
        type: 'delivery.test',
        data: { version: 1, channel: 'support', data: {} },
      });
    expect(bot.calls.map(({ headers }) => headers['webhook-id'])).toEqual([all.body.id, one.body.id]);
    await eventually(async () =>
      expect((await call('GET', PATH)).body.deliveries[0]).toMatchObject({
        lastOutcome: 'failed',
        lastFailure: { eventId: all.body.id },
      }),
    );
    expect(await call('POST', `${PATH}/test`, { body: { endpoint: 3 } })).toMatchObject({
      status: 404,
      body: { code: 'unknown_delivery' },
    });
    expect(await call('POST', `${PATH}/test`, { body: { endpoint: 0 } })).toMatchObject({ status: 400 });
  });

  it('get an event of a customer again, with its id, where they receive its type', async () => {
    const [crm, bot] = [await anEndpoint(), await anEndpoint()];
    const { call, write } = await aLocalService({
      configuration: withDeliveries(
        { url: crm.url, events: ['session.opened'] },
        { url: bot.url, events: ['consent.changed'] },
      ),
    });
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await eventually(() => expect(crm.calls).toHaveLength(1));
    const id = String(crm.calls[0]?.headers['webhook-id']);
    const resend = (body: object) => call('POST', `${PATH}/resend`, { body });

    const sent = await resend({ customer: CUSTOMER, id });
    await eventually(() => expect(crm.calls).toHaveLength(2));

    expect(sent).toMatchObject({ status: 202, body: { id, endpoints: [1] } });
    const [first, second] = crm.calls;
    expect(second?.headers['webhook-id']).toBe(id);
    expect(second?.body).toEqual(first?.body);
    expect(bot.calls).toEqual([]);
    expect(await resend({ customer: CUSTOMER, id, endpoint: 2 })).toMatchObject({
      status: 404,
      body: { code: 'unknown_delivery' },
    });
    expect(await resend({ customer: '+15557654321', id })).toMatchObject({
      status: 404,
      body: { code: 'unknown_event' },
    });
    expect(await resend({ customer: CUSTOMER, id: 'evt_1' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'id' }] },
    });
  });

  it('of a channel without endpoints cannot be tested', async () => {
    const { call } = await aLocalService();

    expect(await call('POST', `${PATH}/test`, { body: {} })).toMatchObject({
      status: 404,
      body: { code: 'unknown_delivery' },
    });
  });
});
