import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aBusRecord, aDeliverer, aDelivery, aQueueRecord, SIGNING_SECRET } from '../../support/deliveries.ts';
import { DELIVERY_CASES } from '../../support/delivery-cases.ts';
import { aClosedOrigin, aProviderServer, type ProviderCall, type Scripted } from '../../support/provider-server.ts';

/** A real HTTP endpoint that responds as scripted; it is closed after the test. */
const anEndpoint = async (answer: () => Scripted = () => ({ status: 204 })) => {
  const server = await aProviderServer(answer);
  onTestFinished(server.close);
  return { url: `${server.url}/hooks?tenant=7`, calls: server.calls };
};

const { id: eventId } = aDelivery().detail;

describe('an event for an HTTPS endpoint', () => {
  it('arrives once, at the whole URL, and verifies', async () => {
    const { url, calls } = await anEndpoint();
    const { deliver, log } = aDeliverer([url]);

    expect(await deliver(aQueueRecord(aDelivery({ url })))).toEqual([]);

    expect(calls).toMatchObject([{ method: 'POST', path: '/hooks?tenant=7' }]);
    const [{ text, headers }] = calls as [ProviderCall];
    expect(new Webhook(SIGNING_SECRET).verify(text, headers as Record<string, string>)).toMatchObject({
      type: 'session.opened',
      data: aDelivery().detail,
    });
    expect(log.lines).toEqual([
      { code: 'event-delivery.delivered', fields: { channel: 'support', eventId, endpoint: 1, attempt: 1 } },
    ]);
    expect(log.counts).toEqual({ EventsDelivered: 1 });
  });

  it('fails at one endpoint without being sent to another again', async () => {
    const [healthy, failing] = [await anEndpoint(), await anEndpoint(() => ({ status: 503 }))];
    const { deliver, visibilityTimeouts, log } = aDeliverer([healthy.url, failing.url]);
    const records = [healthy, failing].map(({ url }) => aQueueRecord(aDelivery({ url })));

    const failures = await deliver(...records);
    await deliver(...records.filter(({ messageId }) => failures.includes(messageId)));

    expect(failures).toEqual([records[1]?.messageId]);
    expect(healthy.calls).toHaveLength(1);
    expect(failing.calls).toHaveLength(2);
    expect(Object.keys(visibilityTimeouts)).toEqual([records[1]?.receiptHandle]);
    expect(log.counts).toEqual({ EventsDelivered: 1, DeliveriesFailed: 2 });
  });

  it.each([
    [1, 5],
    [2, 300],
    [9, 36_000],
    [10, 0],
  ])('is retried after attempt %i in %i seconds', async (attempt, seconds) => {
    const { url } = await anEndpoint(() => ({ status: 500 }));
    const { deliver, visibilityTimeouts } = aDeliverer([url]);
    const record = aQueueRecord(aDelivery({ url }), attempt);

    expect(await deliver(record)).toEqual([record.messageId]);

    expect(visibilityTimeouts).toEqual({ [record.receiptHandle]: seconds });
  });

  it('is retried as late as the endpoint asks for', async () => {
    const { url } = await anEndpoint(() => ({ status: 429, headers: { 'retry-after': '90' } }));
    const { deliver, visibilityTimeouts } = aDeliverer([url]);
    const record = aQueueRecord(aDelivery({ url }));

    await deliver(record);

    expect(visibilityTimeouts).toEqual({ [record.receiptHandle]: 90 });
  });

  it.each([
    { status: 301, headers: { location: '/elsewhere' } },
    { status: 400 },
    { status: 404 },
    { status: 410 },
    { status: 500 },
  ])('is not delivered by a response $status, and is sent nowhere else', async (answer) => {
    const { url, calls } = await anEndpoint(() => answer);
    const { deliver, log } = aDeliverer([url]);
    const record = aQueueRecord(aDelivery({ url }));

    expect(await deliver(record)).toEqual([record.messageId]);

    expect(calls).toHaveLength(1);
    expect(log.lines).toMatchObject([
      { code: 'event-delivery.failed', fields: { endpoint: 1, attempt: 1, code: `http_${answer.status}` } },
    ]);
  });

  it('is not delivered by an endpoint that breaks the connection or refuses it', async () => {
    const [broken, closed] = [await anEndpoint(() => ({ hangUp: true })), await aClosedOrigin()];
    const { deliver, log } = aDeliverer([broken.url, closed]);

    expect(
      await deliver(aQueueRecord(aDelivery({ url: broken.url })), aQueueRecord(aDelivery({ url: closed }))),
    ).toHaveLength(2);

    expect(log.lines.map(({ fields }) => fields)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ endpoint: 1, code: 'UND_ERR_SOCKET' }),
        expect.objectContaining({ endpoint: 2, code: 'ECONNREFUSED' }),
      ]),
    );
  });

  it('counts as overdue from the fourth attempt on', async () => {
    const { url } = await anEndpoint(() => ({ status: 500 }));
    const { deliver, log } = aDeliverer([url]);

    await deliver(aQueueRecord(aDelivery({ url }), 3), aQueueRecord(aDelivery({ url }), 4));

    expect(log.counts).toEqual({ DeliveriesFailed: 2, DeliveriesOverdue: 1 });
  });

  it('names no next attempt after the last one', async () => {
    const { url } = await anEndpoint(() => ({ status: 500 }));
    const { deliver, log } = aDeliverer([url]);

    await deliver(aQueueRecord(aDelivery({ url }), 10));

    expect(log.lines[0]?.fields).not.toHaveProperty('retryInSeconds');
  });

  it('is never sent unsigned', async () => {
    const { url, calls } = await anEndpoint();
    const noSecret = aDeliverer([url], () => Promise.reject(new Error(`no secret for ${url}`)));
    const emptySecret = aDeliverer([url], () => ['whsec_']);

    for (const { deliver, log, visibilityTimeouts } of [noSecret, emptySecret]) {
      const record = aQueueRecord(aDelivery({ url }));
      expect(await deliver(record)).toEqual([record.messageId]);
      expect(visibilityTimeouts).toEqual({ [record.receiptHandle]: 5 });
      expect(log.lines).toMatchObject([{ code: 'event-delivery.failed', fields: { code: 'unsigned_Error' } }]);
    }

    expect(calls).toEqual([]);
  });

  it('is dropped when its channel has no such endpoint any more', async () => {
    const { url, calls } = await anEndpoint();
    const { deliver, log } = aDeliverer([`${url}8`]);

    expect(await deliver(aQueueRecord(aDelivery({ url })))).toEqual([]);
    expect(await deliver(aQueueRecord(aDelivery({ url: `${url}8`, channel: 'removed' })))).toEqual([]);

    expect(calls).toEqual([]);
    expect(log.lines[0]).toEqual({ code: 'event-delivery.dropped', fields: { channel: 'support', eventId } });
    expect(log.counts).toEqual({ DeliveriesDropped: 2 });
  });

  it('stays in the queue when it cannot be read, and the rest of its batch is delivered', async () => {
    const { url, calls } = await anEndpoint();
    const { deliver, log } = aDeliverer([url]);
    const unreadable = ['{', '{"channel":"support"}', 'null'].map((body) => aQueueRecord(body));

    expect(await deliver(...unreadable, aQueueRecord(aDelivery({ url })))).toEqual(
      unreadable.map(({ messageId }) => messageId),
    );

    expect(calls).toHaveLength(1);
    expect(log.counts).toEqual({ DeliveriesFailed: 3, EventsDelivered: 1 });
  });

  it('stays in the queue although its visibility cannot be changed', async () => {
    const { url } = await anEndpoint(() => ({ status: 500 }));
    const { deliver, failQueue, log } = aDeliverer([url]);
    failQueue(new Error('throttled'));
    const record = aQueueRecord(aDelivery({ url }));

    expect(await deliver(record)).toEqual([record.messageId]);

    expect(log.lines.at(-1)).toMatchObject({
      code: 'event-delivery.not-postponed',
      fields: { queueMessageId: record.messageId },
    });
  });
});

describe('an event of the bus', () => {
  const CRM = 'https://crm.example.com/';
  const BOT = 'https://bot.example.com/';
  const { type, detail } = aDelivery();
  const event = { source: 'carewindow', type, detail };

  it('is put into the queue once per endpoint, so that each has its own attempts', async () => {
    const { deliver, queued, log } = aDeliverer([CRM, BOT]);

    expect(await deliver(aBusRecord(event))).toEqual([]);

    expect(queued.map((body) => JSON.parse(body) as unknown)).toEqual([
      { channel: 'support', url: CRM, type, detail },
      { channel: 'support', url: BOT, type, detail },
    ]);
    expect(log.lines).toEqual([]);
  });

  it.each(DELIVERY_CASES)('goes to an endpoint exactly when the domain selects it: $name, $selected', async (its) => {
    const { deliver, queued } = aDeliverer([CRM], undefined, its.events);

    expect(await deliver(aBusRecord(its.event))).toEqual([]);

    expect(queued).toHaveLength(its.selected ? 1 : 0);
  });

  it('is routed again when the queue did not take every message, and overdue after half an hour', async () => {
    const { deliver, queued, visibilityTimeouts, failSend, log } = aDeliverer([CRM, BOT]);
    failSend(new Error('SQS is down'));
    const first = aBusRecord(event);
    const fourth = { ...aBusRecord(event), attributes: { ApproximateReceiveCount: '4' } };

    expect(await deliver(first, fourth)).toEqual([first.messageId, fourth.messageId]);
    expect(visibilityTimeouts).toEqual({ [first.receiptHandle]: 5, [fourth.receiptHandle]: 7_200 });
    expect(log.counts).toEqual({ DeliveriesFailed: 2, DeliveriesOverdue: 1 });
    expect(log.lines[0]).toEqual({
      code: 'event-delivery.not-routed',
      fields: { eventId: detail.id, endpoints: 2, attempt: 1 },
    });

    failSend(undefined);
    expect(await deliver(first)).toEqual([]);
    expect(queued).toHaveLength(2);
  });
});

describe('the outcome of an attempt', () => {
  const later = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 12) + seconds * 1000);

  it('is kept once a minute for each endpoint and outcome', async () => {
    let status = 204;
    const [one, other] = [await anEndpoint(() => ({ status })), await anEndpoint()];
    const { deliver, setNow, outcomes } = aDeliverer([one.url, other.url]);
    const attempt = async (second: number, url: string, answer = 204) => {
      setNow(later(second));
      status = answer;
      await deliver(aQueueRecord(aDelivery({ url })));
    };

    await attempt(0, one.url);
    await attempt(1, one.url);
    await attempt(2, one.url, 503);
    await attempt(3, other.url);
    await attempt(59, one.url, 503);
    await attempt(60, one.url);

    expect(outcomes.map(({ url, at, failureCode }) => [url, at, failureCode])).toEqual([
      [one.url, later(0), undefined],
      [one.url, later(2), 'http_503'],
      [other.url, later(3), undefined],
      [one.url, later(60), undefined],
    ]);
    expect(outcomes[0]).toMatchObject({ channel: 'support', eventId });
  });

  it('that cannot be kept changes nothing, and the next one is kept', async () => {
    const { url } = await anEndpoint();
    const { deliver, failStore, outcomes, log } = aDeliverer([url]);

    failStore(new Error('the table does not answer'));
    expect(await deliver(aQueueRecord(aDelivery({ url })))).toEqual([]);
    failStore(undefined);
    await deliver(aQueueRecord(aDelivery({ url })));

    expect(log.lines).toContainEqual({
      code: 'event-delivery.outcome-unwritten',
      fields: { channel: 'support', eventId },
    });
    expect(outcomes).toHaveLength(1);
  });

  it('of a test event is kept, and the event is not sent again', async () => {
    const { url } = await anEndpoint(() => ({ status: 500 }));
    const { deliver, visibilityTimeouts, outcomes } = aDeliverer([url]);

    expect(await deliver(aQueueRecord(aDelivery({ url, type: 'delivery.test' })))).toEqual([]);

    expect(visibilityTimeouts).toEqual({});
    expect(outcomes).toMatchObject([{ failureCode: 'http_500' }]);
  });
});
