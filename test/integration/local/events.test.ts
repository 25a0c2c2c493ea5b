import { randomUUID } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import type { EventType } from '../../../functions/shared/domain/event-types.ts';
import { EVENTS } from '../../../functions/shared/domain/events.ts';
import { toDocumentClient } from '../../../functions/shared/store/dynamo/client.ts';
import { sessionKey } from '../../../functions/shared/store/keys.ts';
import { localClient } from '../../../infra/shared/local-engine.ts';
import { eventually } from '../../support/eventually.ts';
import { aLocalService, aMetaWebhook, postMeta } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const DAY = 86_400;
const HOUR = 3_600;

interface ShownEvent {
  readonly source: string;
  readonly 'detail-type': EventType;
  readonly time: string;
  readonly detail: Record<string, unknown> & { readonly id: string; readonly data: Record<string, unknown> };
}

const aStory = async (options: Parameters<typeof aLocalService>[0] = {}) => {
  const service = await aLocalService(options);
  const events = async (): Promise<readonly ShownEvent[]> => (await service.call('GET', '/_local/events')).body.events;
  await service.call('DELETE', '/_local/events');
  return {
    ...service,
    events,
    types: async () => (await events()).map((event) => event['detail-type']),
    sweep: () => service.call('POST', '/_local/sweep'),
  };
};

describe.each(['support', 'support-sinch', 'support-aws'])('the events of a session on channel %s', (channel) => {
  it('come in order: opened, received, status, closing, closed', async () => {
    const { write, send, clock, sweep, events, types, session } = await aStory();

    await write({ channel, from: CUSTOMER, text: 'Hello' });
    const { id } = (await send(channel, CUSTOMER)).body;
    const { expiresAt } = (await session(channel, CUSTOMER)).body;
    await eventually(async () => expect((await types()).length).toBeGreaterThanOrEqual(4));
    await clock({ advanceSeconds: DAY - HOUR });
    await sweep();
    expect((await types()).filter((type) => type.startsWith('session.'))).toEqual([
      'session.opened',
      'session.closing',
    ]);
    await clock({ advanceSeconds: HOUR });
    await sweep();
    await sweep();

    const all = await events();
    const order = all.map((event) => event['detail-type']);
    expect(order.slice(0, 4)).toEqual(['session.opened', 'message.received', 'message.status', 'message.status']);
    expect(order.slice(-2)).toEqual(['session.closing', 'session.closed']);
    expect(order.filter((type) => type === 'session.closing')).toHaveLength(1);
    expect(all.every(({ source }) => source === 'carewindow')).toBe(true);
    expect(all[1]?.detail).toMatchObject({ version: 1, channel, customer: CUSTOMER });
    expect(all[1]?.detail.data).toMatchObject({ content: { type: 'text', text: 'Hello' } });
    expect(all[2]?.detail.data).toMatchObject({ messageId: id, status: 'accepted' });
    expect(all.at(-1)).toMatchObject({
      time: expiresAt,
      detail: { occurredAt: expiresAt, data: { reason: 'expired', expiresAt } },
    });
    expect(all.at(-1)?.detail['sessionId']).toBe(all[0]?.detail['sessionId']);
    expect(new Set(all.map(({ detail }) => detail.id)).size).toBe(all.length);
    for (const event of all) expect(() => EVENTS[event['detail-type']].parse(event.detail)).not.toThrow();
  });
});

describe('the events', () => {
  it('report a session as closing at once when a late message opens it near its end', async () => {
    const { write, clock, types, call } = await aStory();
    const { now } = (await call('GET', '/_local/clock')).body;
    await clock({ advanceSeconds: DAY - HOUR / 2 });

    await write({ channel: 'support', from: CUSTOMER, text: 'Late', at: now });

    const reported = await types();
    expect(reported.filter((type) => type.startsWith('session.'))).toEqual(['session.opened', 'session.closing']);
    expect(reported.filter((type) => !type.startsWith('session.'))).toEqual(['message.received']);
  });

  it('report every end after the clock was advanced by a month', async () => {
    const { write, clock, sweep, events } = await aStory();
    for (const [index, channel] of ['support', 'support-sinch', 'support'].entries()) {
      await write({ channel, from: `+1555123000${index}`, text: 'Hello' });
      await clock({ advanceSeconds: HOUR });
    }
    await clock({ advanceSeconds: 30 * DAY });

    await sweep();

    const closed = (await events()).filter((event) => event['detail-type'] === 'session.closed');
    expect(closed.map(({ detail }) => detail['customer'])).toEqual(['+15551230000', '+15551230001', '+15551230002']);
  });

  it('begin a new cycle when the customer writes in time', async () => {
    const { write, clock, sweep, types } = await aStory();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await clock({ advanceSeconds: DAY - HOUR });
    await sweep();
    await write({ channel: 'support', from: CUSTOMER, text: 'Still there?' });
    await clock({ advanceSeconds: HOUR });
    await sweep();
    await clock({ advanceSeconds: DAY - 2 * HOUR });
    await sweep();
    await clock({ advanceSeconds: HOUR });
    await sweep();

    expect((await types()).filter((type) => type.startsWith('session.'))).toEqual([
      'session.opened',
      'session.closing',
      'session.closing',
      'session.closed',
    ]);
  });

  it('close a session before the next one opens, without a sweep between them', async () => {
    const { write, clock, sweep, types } = await aStory();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await clock({ advanceSeconds: 2 * DAY });
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello again' });
    await sweep();

    expect((await types()).filter((type) => type.startsWith('session.'))).toEqual([
      'session.opened',
      'session.closing',
      'session.closed',
      'session.opened',
    ]);
  });

  it('report at once a session that the provider considers closed', async () => {
    const { write, fault, send, events } = await aStory();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await fault({ provider: 'meta', kind: 'window_closed' });
    const before = Math.floor(Date.now() / 1000) * 1000;
    await send('support', CUSTOMER);

    const closed = (await events()).filter((event) => event['detail-type'] === 'session.closed');
    expect(closed).toMatchObject([{ detail: { data: { reason: 'provider' } } }]);
    const time = Date.parse(closed[0]?.time ?? '');
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it('report a changed consent, and can be cleared', async () => {
    const { call, events, types } = await aStory();

    await call('PUT', `/v1/channels/support/customers/${CUSTOMER}/consent`, {
      body: { state: 'opted_out', source: 'phone', actor: 'agent 7' },
    });

    expect(await events()).toMatchObject([
      {
        'detail-type': 'consent.changed',
        detail: { customer: CUSTOMER, data: { scope: 'all', state: 'opted_out', source: 'phone', actor: 'agent 7' } },
      },
    ]);
    expect((await call('DELETE', '/_local/events')).body).toEqual({ events: [] });
    expect(await types()).toEqual([]);
  });

  it('can be traced from the webhook through the logs', async () => {
    const { url, send, events, log } = await aStory();
    const text = { from: CUSTOMER.slice(1), id: 'wamid.1', type: 'text', text: { body: 'Hello' } };
    const timestamp = String(Math.floor(Date.now() / 1000));
    const { headers } = await postMeta(url, aMetaWebhook({ ...text, timestamp }));
    const { id: messageId } = (await send('support', CUSTOMER)).body;

    const [, received, accepted] = await events();
    const requestId = headers.get('apigw-requestid');
    expect(received?.detail.data).toMatchObject({ requestId });
    const published = log.lines.filter(({ code }) => code === 'change-stream.published').map(({ fields }) => fields);
    expect(published).toEqual(
      expect.arrayContaining([
        { eventId: received?.detail.id, type: 'message.received', requestId },
        { eventId: accepted?.detail.id, type: 'message.status', messageId },
      ]),
    );
  });

  it('report the templates that the first sync found', async () => {
    const { call } = await aLocalService();

    const { events } = (await call('GET', '/_local/events')).body;

    expect(events.length).toBeGreaterThan(0);
    for (const event of events)
      expect(event).toMatchObject({ 'detail-type': 'template.changed', detail: { data: { change: 'added' } } });
  });

  it('do not report the deletion of an ended session by DynamoDB, and the window stays as shown', async () => {
    const tableName = `local-${randomUUID()}`;
    const { write, clock, sweep, session, dynamoDbEndpoint, types } = await aStory({ tableName });
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await clock({ advanceSeconds: 60 });
    await write({ channel: 'support', from: CUSTOMER, text: 'Anybody there?' });
    await clock({ advanceSeconds: DAY });
    await sweep();
    const { lastInboundAt, expiresAt } = (await session('support', CUSTOMER)).body;

    await toDocumentClient(localClient(dynamoDbEndpoint)).send(
      new DeleteCommand({ TableName: tableName, Key: { ...sessionKey('support', CustomerKey.parse(CUSTOMER)) } }),
    );

    expect((await session('support', CUSTOMER)).body).toMatchObject({ openedAt: null, lastInboundAt, expiresAt });
    expect((await types()).filter((type) => type === 'session.closed')).toHaveLength(1);
  });
});
