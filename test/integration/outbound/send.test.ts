import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toReference } from '../../../functions/shared/store/message/message-reference.ts';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aClosedOrigin, aProviderServer, type ProviderServer, type Scripted } from '../../support/provider-server.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const DAY = 86_400;
const TEXT = { channel: 'support', to: CUSTOMER, content: { type: 'text', text: 'On its way.' } };

let table: TestTable;
let provider: ProviderServer;
let service: TestService;
let scripted: Scripted;

beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  scripted = { body: { messaging_product: 'whatsapp', messages: [{ id: 'wamid.sent' }] } };
  provider = await aProviderServer(() => scripted);
  service = aService(table, aConfig(provider.url));
});
afterEach(() => provider.close());

const customerWrote = (at = NOON) => table.store.recordInbound(anArrival({ at }));

/** The session as a list shows it. */
const listed = async () => {
  const { body } = await service.route('POST /v1/channels/{channel}/sessions/query', {
    path: { channel: 'support' },
    body: JSON.stringify({ customers: [CUSTOMER] }),
  });
  return (body as { sessions: { lastInboundAt: string | null; lastAnswerAt: string | null }[] }).sessions[0];
};

describe('a text in an open session', () => {
  beforeEach(async () => {
    await customerWrote();
    service.setNow(secondsAfterNoon(60));
    table.wire.reset();
  });

  it('goes out and answers 201 with the provider’s id and the window', async () => {
    const sent = await service.send(TEXT);

    expect(sent.status).toBe(201);
    expect(sent.body).toEqual({
      id: expect.stringMatching(/^msg_[0-9A-HJKMNP-TV-Z]{26}$/),
      status: 'sent',
      sentAs: 'session',
      providerMessageId: 'wamid.sent',
      usedReengagement: false,
      usedFallback: false,
      session: {
        channel: 'support',
        customer: CUSTOMER,
        names: [{ name: CUSTOMER, kind: 'number', since: null, learnedFrom: null }],
        state: 'open',
        openedAt: NOON.toISOString(),
        lastInboundAt: NOON.toISOString(),
        expiresAt: secondsAfterNoon(DAY).toISOString(),
        remainingSeconds: DAY - 60,
        allowed: ['session', 'template'],
        consent: { state: 'unknown' },
        reengagement: { available: true },
        entryPoint: null,
        owner: null,
        nextAction: 'none',
      },
    });
  });

  it('costs one strongly consistent batch read, one transaction of three writes and one write', async () => {
    await service.send(TEXT);

    expect(table.wire.commands).toEqual(['BatchGetItem', 'TransactWriteItems', 'UpdateItem']);
  });

  it('makes the session an answered one, until the customer writes again or opens another one', async () => {
    expect(await listed()).toMatchObject({ lastAnswerAt: null });

    await service.send(TEXT);
    const answered = await listed();
    await table.store.recordInbound(anArrival({ id: 'wamid.second', at: secondsAfterNoon(90) }));
    const waiting = await listed();
    service.setNow(secondsAfterNoon(2 * DAY));
    await table.store.recordInbound(anArrival({ id: 'wamid.third', at: secondsAfterNoon(2 * DAY) }));

    expect(answered).toMatchObject({ lastAnswerAt: secondsAfterNoon(60).toISOString() });
    expect(waiting).toMatchObject({
      lastInboundAt: secondsAfterNoon(90).toISOString(),
      lastAnswerAt: secondsAfterNoon(60).toISOString(),
    });
    expect(await listed()).toMatchObject({ lastAnswerAt: null });
  });

  it('answers a message whose clock is ahead of ours', async () => {
    await table.store.recordInbound(anArrival({ id: 'wamid.ahead', at: secondsAfterNoon(200) }));

    await service.send(TEXT);

    expect(await listed()).toMatchObject({ lastAnswerAt: secondsAfterNoon(200).toISOString() });
  });

  it('is recorded before the provider is called', async () => {
    let seen: unknown;
    await provider.close();
    provider = await aProviderServer(async ({ body }) => {
      const { biz_opaque_callback_data: reference } = body as { biz_opaque_callback_data: string };
      seen = (await service.message(reference.split('.')[2] ?? '')).body;
      return scripted;
    });
    service = aService(table, aConfig(provider.url));
    service.setNow(secondsAfterNoon(60));

    await service.send(TEXT);

    expect(seen).toMatchObject({ status: 'accepted', content: TEXT.content });
  });

  it('can be read back with its statuses and what it was decided on', async () => {
    const { body: sent } = await service.send({ ...TEXT, clientReference: 'ticket-7' });

    expect((await service.message(String(sent['id']))).body).toEqual({
      id: sent['id'],
      channel: 'support',
      customer: CUSTOMER,
      names: [{ name: CUSTOMER, kind: 'number', since: null, learnedFrom: null }],
      direction: 'outbound',
      status: 'sent',
      statuses: [
        { status: 'accepted', at: secondsAfterNoon(60).toISOString() },
        { status: 'sent', at: secondsAfterNoon(60).toISOString() },
      ],
      sentAs: 'session',
      providerMessageId: 'wamid.sent',
      content: TEXT.content,
      clientReference: 'ticket-7',
      createdAt: secondsAfterNoon(60).toISOString(),
      decision: {
        at: secondsAfterNoon(60).toISOString(),
        expiresAt: secondsAfterNoon(DAY).toISOString(),
        lastInboundAt: NOON.toISOString(),
        consent: 'unknown',
        consentVersion: 0,
        lastOpenedAt: NOON.toISOString(),
        slotUsedAt: null,
        usesReengagement: false,
      },
    });
  });

  it('does not extend the window', async () => {
    await service.send(TEXT);

    expect((await service.session('support', CUSTOMER)).body).toMatchObject({
      expiresAt: secondsAfterNoon(DAY).toISOString(),
      lastInboundAt: NOON.toISOString(),
    });
  });

  it('quotes our own earlier message by the provider’s id', async () => {
    const { body: first } = await service.send(TEXT);

    await service.send({ ...TEXT, replyTo: first['id'] });

    expect(provider.calls[1]?.body).toMatchObject({ context: { message_id: 'wamid.sent' } });
  });

  it('quotes the customer’s message by its thread id', async () => {
    await service.send({ ...TEXT, replyTo: `wamid.${NOON.getTime()}` });

    expect(provider.calls[0]?.body).toMatchObject({ context: { message_id: `wamid.${NOON.getTime()}` } });
  });

  it.each([
    ['a message of another customer', 'replyTo', { ...TEXT, replyTo: 'other' }],
    ['an unknown message', 'replyTo', { ...TEXT, replyTo: 'msg_00000000000000000000000000' }],
    [
      'an unknown message, in a reaction',
      'content.messageId',
      { ...TEXT, content: { type: 'reaction', messageId: 'msg_00000000000000000000000000', emoji: '👍' } },
    ],
  ])('refuses to refer to %s', async (_, path, request) => {
    const other = '+16505559999';
    await table.store.recordInbound(anArrival({ identities: { phone: other as never }, id: 'wamid.other' }));
    const { body: theirs } = await service.send({ ...TEXT, to: other });
    const calls = provider.calls.length;

    const refused = await service.send(
      'replyTo' in request && request.replyTo === 'other' ? { ...request, replyTo: theirs['id'] } : request,
    );

    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', nextAction: 'fix_request', errors: [{ path, message: expect.any(String) }] },
    });
    expect(provider.calls).toHaveLength(calls);
  });
});

describe('a text in a closed session', () => {
  it.each([
    ['when the customer never wrote', undefined, 0],
    ['at exactly the end', 0, DAY],
    ['inside the safety margin', 0, DAY - 30],
    ['a day after the end', 0, 2 * DAY],
  ])('is refused %s, without a provider call and without a record', async (_, wrote, now) => {
    if (wrote !== undefined) await customerWrote(secondsAfterNoon(wrote));
    service.setNow(secondsAfterNoon(now));
    table.wire.reset();

    const refused = await service.send(TEXT);

    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(refused).toMatchObject({
      status: 409,
      body: {
        type: 'urn:carewindow:problem:window_closed',
        code: 'window_closed',
        status: 409,
        detail: expect.stringMatching(/session/),
        session: { channel: 'support', customer: CUSTOMER },
        requestId: 'request-1',
      },
    });
    expect(provider.calls).toEqual([]);
    expect(table.wire.commands).toEqual(['BatchGetItem']);
  });

  it('asks for an opt-in when there is none, and for a template inside the margin', async () => {
    await customerWrote();

    service.setNow(secondsAfterNoon(DAY));
    expect((await service.send(TEXT)).body).toMatchObject({ nextAction: 'collect_opt_in' });
    service.setNow(secondsAfterNoon(DAY - 10));
    expect((await service.send(TEXT)).body).toMatchObject({ nextAction: 'send_template' });
  });

  it('goes out one second before the margin', async () => {
    await customerWrote();
    service.setNow(secondsAfterNoon(DAY - 31));

    expect((await service.send(TEXT)).status).toBe(201);
  });
});

describe('a provider that refuses', () => {
  beforeEach(() => customerWrote());

  const statusOf = async (id: unknown) => (await service.message(String(id))).body;

  it('answers 502 with its code, and the record says so', async () => {
    scripted = { status: 400, body: { error: { code: 131026, message: 'Message undeliverable' } } };

    const refused = await service.send(TEXT);

    expect(refused).toMatchObject({
      status: 502,
      body: { code: 'provider_rejected', provider: { code: '131026' }, nextAction: 'none' },
    });
    expect(await statusOf(refused.body['id'])).toMatchObject({
      status: 'failed',
      statuses: [{ status: 'accepted' }, { status: 'failed', error: { code: '131026' } }],
    });
  });

  it('answers 409 and asks for a template when it holds the window for closed', async () => {
    scripted = { status: 400, body: { error: { code: 131047, message: 'Re-engagement message' } } };

    expect(await service.send(TEXT)).toMatchObject({
      status: 409,
      body: { code: 'provider_window_closed', nextAction: 'send_template', provider: { code: '131047' } },
    });
  });

  it('answers 503 with Retry-After when it asks to slow down', async () => {
    scripted = { status: 400, body: { error: { code: 130429, message: 'Rate limit hit' } } };

    const refused = await service.send(TEXT);

    expect(refused).toMatchObject({ status: 503, body: { code: 'provider_rate_limited', nextAction: 'retry_later' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('answers 503 when it cannot be reached, and the record says that nothing was sent', async () => {
    const unreachable = aService(table, aConfig(await aClosedOrigin()));

    const refused = await unreachable.send(TEXT);

    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'provider_unavailable', nextAction: 'retry_later', provider: { code: 'ECONNREFUSED' } },
    });
    expect(await statusOf(refused.body['id'])).toMatchObject({ status: 'failed' });
  });

  it.each([
    ['breaks the connection', { hangUp: true }],
    ['fails without a readable error', { status: 500, body: '<html>' }],
    ['takes it without giving an id', { status: 200, body: {} }],
  ])('answers 202 in doubt when it %s, and never sends twice', async (_, answer) => {
    scripted = answer;

    const doubtful = await service.send(TEXT);

    expect(doubtful).toMatchObject({ status: 202, body: { status: 'in_doubt', sentAs: 'session' } });
    expect(provider.calls).toHaveLength(1);
    expect(await statusOf(doubtful.body['id'])).toMatchObject({ status: 'in_doubt' });
  });
});

describe('a store that fails', () => {
  beforeEach(async () => {
    await customerWrote();
    table.wire.reset();
  });

  it.each([0, 1])('never calls the provider when request %i before the call fails', async (step) => {
    table.wire.failAt(step, 'before');

    expect(await service.send(TEXT)).toMatchObject({
      status: 500,
      body: { code: 'internal', nextAction: 'retry_later' },
    });
    expect(provider.calls).toEqual([]);
  });

  it('still answers what the provider said when the outcome cannot be written', async () => {
    table.wire.failAt(2, 'before');

    const sent = await service.send(TEXT);

    expect(sent).toMatchObject({ status: 201, body: { status: 'sent', providerMessageId: 'wamid.sent' } });
    expect((await service.message(String(sent.body['id']))).body).toMatchObject({ status: 'accepted' });
    expect(service.log.counts['OutcomesUnwritten']).toBe(1);
  });
});

describe('statuses of the provider', () => {
  const sentAt = NOON;
  const referenceOf = (id: unknown) => toReference({ atMs: sentAt.getTime(), id: String(id), customer: CUSTOMER });
  const report = async (id: unknown, to: 'sent' | 'delivered' | 'read' | 'failed') =>
    (
      await table.store.recordStatus({
        channel: 'support',
        reference: referenceOf(id),
        providerMessageId: 'wamid.sent',
        to,
        atMs: secondsAfterNoon(5).getTime(),
        error: to === 'failed' ? { code: '131049', title: 'Not delivered', class: 'never' } : undefined,
      })
    ).kind;
  let id: unknown;
  beforeEach(async () => {
    await customerWrote();
    id = (await service.send(TEXT)).body['id'];
    table.wire.reset();
  });

  it('move the message forward in one write each', async () => {
    expect(await report(id, 'delivered')).toBe('updated');
    expect(await report(id, 'read')).toBe('updated');

    expect(table.wire.commands).toEqual(['UpdateItem', 'UpdateItem']);
    expect((await service.message(String(id))).body).toMatchObject({
      status: 'read',
      statuses: [{ status: 'accepted' }, { status: 'sent' }, { status: 'delivered' }, { status: 'read' }],
    });
  });

  it('never move it back, and never fail what was delivered', async () => {
    await report(id, 'read');

    expect(await report(id, 'delivered')).toBe('not_forward');
    expect(await report(id, 'failed')).toBe('not_forward');
    expect((await service.message(String(id))).body).toMatchObject({ status: 'read' });
  });

  it('never revive what failed', async () => {
    await report(id, 'failed');

    expect(await report(id, 'sent')).toBe('not_forward');
    expect((await service.message(String(id))).body).toMatchObject({ status: 'failed' });
  });

  it('of messages that others sent change and create nothing', async () => {
    const strange = 'msg_01ARZ3NDEKTSV4RRFFQ69G5FAV';

    expect(await report(strange, 'delivered')).toBe('unknown_message');
    expect((await service.message(strange)).status).toBe(404);
  });

  it('settle a send in doubt', async () => {
    scripted = { hangUp: true };
    const { body: doubtful } = await service.send(TEXT);

    await report(doubtful['id'], 'sent');

    expect((await service.message(String(doubtful['id']))).body).toMatchObject({
      status: 'sent',
      providerMessageId: 'wamid.sent',
    });
  });

  it('that come before our own outcome is written stay', async () => {
    await provider.close();
    provider = await aProviderServer(async ({ body }) => {
      const { biz_opaque_callback_data: reference } = body as { biz_opaque_callback_data: string };
      await table.store.recordStatus({
        channel: 'support',
        reference,
        providerMessageId: 'wamid.sent',
        to: 'delivered',
        atMs: NOON.getTime(),
      });
      return scripted;
    });
    service = aService(table, aConfig(provider.url));
    scripted = { body: { messages: [{ id: 'wamid.sent' }] } };

    const sent = await service.send(TEXT);

    expect(sent.status).toBe(201);
    expect((await service.message(String(sent.body['id']))).body).toMatchObject({
      status: 'delivered',
      providerMessageId: 'wamid.sent',
    });
  });
});
