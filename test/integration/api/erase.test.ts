import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionsApi } from '../../../functions/sessions-api/sessions-api.ts';
import { anArrival, CUSTOMER, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { NOTHING_REMOVED } from '../../support/erasure.ts';
import { anEvent } from '../../support/events.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';

const DAY = 86_400;

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
});
afterEach(() => setting.close());

/** Everything but the usage, the marks of erased sessions and the claims of erased sends, which have no name. */
const count = async () => {
  const { documents, tableName } = setting.table;
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
  return Items.filter(({ pk, erased }) => !/^(USAGE|ERASED)#/.test(String(pk)) && erased !== true).length;
};

/** The same service, whose every look at the clock finds it a second later. */
const slowly = async () => {
  let seconds = 0;
  const elapsed = () => {
    seconds += 1;
    return seconds * 1000;
  };
  const handler = createSessionsApi({ ...setting.service.runtime, elapsed });
  const path = { channel: 'support', customer: CUSTOMER };
  const { statusCode, body } = await handler(anEvent('DELETE /v1/channels/{channel}/customers/{customer}', { path }));
  return { status: statusCode, body: JSON.parse(body ?? '') as unknown };
};

describe('DELETE /v1/channels/{channel}/customers/{customer}', () => {
  it('erases the customer and says what it removed', async () => {
    await setting.table.store.recordInbound(anArrival());
    await setting.service.send(TEXT, 'order-4711');
    await setting.consent('opted_in');

    expect(await setting.service.erase('support', CUSTOMER)).toMatchObject({
      status: 200,
      body: {
        done: true,
        removed: {
          sessions: 1,
          customers: 1,
          consents: 1,
          messages: 2,
          pastSessions: 0,
          unplaced: 0,
          claims: 1,
          members: 1,
        },
      },
    });
    expect(await count()).toBe(0);
    expect((await setting.service.session('support', CUSTOMER)).body).toMatchObject({ state: 'closed' });
  });

  it('answers 200 for a customer never seen', async () => {
    expect(await setting.service.erase('support', 'US.123')).toMatchObject({
      status: 200,
      body: { done: true, removed: NOTHING_REMOVED },
    });
  });

  it('answers 202 when its time is up, and 200 once repeating it has removed the rest', async () => {
    await setting.table.store.recordInbound(anArrival());

    expect(await slowly()).toEqual({
      status: 202,
      body: { done: false, removed: { ...NOTHING_REMOVED, messages: 1, members: 1 } },
    });
    expect(await slowly()).toEqual({
      status: 200,
      body: { done: true, removed: { ...NOTHING_REMOVED, sessions: 1, customers: 1 } },
    });
  });

  it('logs what it removed, and not of whom', async () => {
    await setting.table.store.recordInbound(anArrival());

    await setting.service.erase('support', CUSTOMER);

    expect(setting.service.log.lines).toEqual([
      {
        code: 'sessions-api.erased',
        fields: {
          channel: 'support',
          done: true,
          removed: { ...NOTHING_REMOVED, sessions: 1, customers: 1, messages: 1, members: 1 },
        },
      },
    ]);
  });

  it.each([
    ['nowhere', CUSTOMER, 404, 'unknown_channel'],
    ['support', 'a b', 400, 'invalid_request'],
  ])('refuses %s/%s', async (channel, customer, status, code) => {
    expect(await setting.service.erase(channel, customer)).toMatchObject({ status, body: { code } });
  });
});

describe('a customer erased while a message to them is at the provider', () => {
  it('stays erased, and the caller hears what the provider said', async () => {
    await setting.table.store.recordInbound(anArrival());
    setting.answer(async () => {
      await setting.service.erase('support', CUSTOMER);
      return { body: { messaging_product: 'whatsapp', messages: [{ id: 'wamid.sent' }] } };
    });

    expect(await setting.service.send(TEXT)).toMatchObject({ status: 201, body: { status: 'sent' } });
    expect(await count()).toBe(0);
  });
});

describe('an Idempotency-Key of an erased customer', () => {
  const comeBack = (at: Date) => setting.table.store.recordInbound(anArrival({ at, now: at, id: 'wamid.back' }));

  it.each([
    ['the same message', TEXT],
    ['another message', { ...TEXT, content: { type: 'text', text: 'Else' } }],
  ])('sends nothing again, also to a customer who has come back: %s', async (_, message) => {
    await setting.table.store.recordInbound(anArrival());
    const { body } = await setting.service.send(TEXT, 'order-4711');
    await setting.service.erase('support', CUSTOMER);
    await comeBack(secondsAfterNoon(60));

    expect(await setting.service.send(message, 'order-4711')).toMatchObject({
      status: 404,
      body: { code: 'unknown_message', id: body['id'] },
    });
    expect(setting.provider.calls).toHaveLength(1);
  });

  it('is as good as new when its life has ended', async () => {
    await setting.table.store.recordInbound(anArrival());
    await setting.service.send(TEXT, 'order-4711');
    await setting.service.erase('support', CUSTOMER);
    const later = secondsAfterNoon(31 * DAY);
    await comeBack(later);
    setting.service.setNow(later);

    expect(await setting.service.send(TEXT, 'order-4711')).toMatchObject({ status: 201 });
    expect(await setting.service.send(TEXT, 'order-4711')).toMatchObject({
      status: 201,
      headers: { 'idempotent-replayed': 'true' },
    });
  });

  it('leaves an id that leads nowhere', async () => {
    await setting.table.store.recordInbound(anArrival());
    const { body } = await setting.service.send(TEXT, 'order-4711');
    await setting.service.erase('support', CUSTOMER);

    expect(await setting.service.message(String(body['id']))).toMatchObject({ status: 404 });
  });
});
