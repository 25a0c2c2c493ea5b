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
