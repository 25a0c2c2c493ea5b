import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { CHANNEL, NOON_SECONDS } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import {
  aChange,
  aMessage,
  aMessageOf,
  aNotification,
  aStatus,
  aValue,
  signMeta,
  toBytes,
} from '../../support/meta.ts';
import { aBegunSend } from '../../support/outbound.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const PHONE = '4915112345678';
const NEW_PHONE = '4915199999999';
const USER = 'DE.4000000000000001';
const OTHER_USER = 'DE.4000000000000002';
const CRM = CustomerKey.parse('+49015112345678');

let table: TestTable;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  service = aService(table, aConfig('http://127.0.0.1:9'));
});

const deliver = async (value: Parameters<typeof aValue>[0], field = 'messages') => {
  const body = toBytes(aNotification(aChange(aValue(value), field)));
  const headers = { 'x-hub-signature-256': signMeta(body) };
  const { status } = await service.webhook('POST /webhooks/meta/{account}', {
    path: { account: 'shop-meta' },
    headers,
    body,
  });
  expect(status).toBe(200);
};

let ids = 0;
const head = (second: number) => {
  ids += 1;
  return { id: `wamid.${ids}`, timestamp: String(NOON_SECONDS + second) };
};
const write = (names: { from?: string; from_user_id?: string }, second: number) =>
  deliver({ messages: [aMessage({ from: undefined, from_user_id: undefined, ...names, ...head(second) })] });
const customerOf = async (name: string) => (await service.session(CHANNEL, name)).body['customer'];

describe('names that a webhook of Meta reports', () => {
  it('are linked by a message with both', async () => {
    await write({ from: PHONE, from_user_id: USER }, 0);

    expect([await customerOf(`+${PHONE}`), await customerOf(USER)]).toEqual([`+${PHONE}`, `+${PHONE}`]);
    expect(service.log.counts).toMatchObject({ NamesLinked: 1 });
  });

  it('are linked by a reaction, which opens nothing', async () => {
    await write({ from_user_id: USER }, 0);
    const reaction = aMessageOf('reaction', { message_id: 'wamid.1', emoji: '👍' }, head(5));

    await deliver({ messages: [{ ...reaction, from: PHONE, from_user_id: USER }] });

    expect((await service.session(CHANNEL, `+${PHONE}`)).body).toMatchObject({ state: 'open', customer: `+${PHONE}` });
  });

  it('are linked by a changed number, once for each delivery', async () => {
    await write({ from: PHONE, from_user_id: USER }, 0);
    const system = { type: 'user_changed_number', body: 'changed', wa_id: NEW_PHONE };
    const changed = aMessageOf('system', system, { ...head(10), from: PHONE, from_user_id: undefined });

    await deliver({ messages: [changed] });
    await deliver({ messages: [changed] });

    for (const name of [`+${PHONE}`, `+${NEW_PHONE}`, USER]) expect(await customerOf(name)).toBe(`+${NEW_PHONE}`);
  });

  it('are linked by a changed user id', async () => {
    await write({ from_user_id: USER }, 0);
    const system = { type: 'user_changed_user_id', user_id: OTHER_USER, previous_user_id: USER };
    const changed = aMessageOf('system', system, { ...head(10), from: undefined, from_user_id: undefined });

    await deliver({ messages: [changed] });

    expect([await customerOf(USER), await customerOf(OTHER_USER)]).toEqual([OTHER_USER, OTHER_USER]);
  });

  it('are linked by a number that the customer shares on request, and by no other card', async () => {
    const share = (origin: string, second: number) =>
      deliver({
        messages: [
          aMessageOf('contacts', [{ phones: [{ wa_id: PHONE }], origin }], {
            ...head(second),
            from: undefined,
            from_user_id: USER,
          }),
        ],
      });

    await share('other', 0);
    expect(await customerOf(USER)).toBe(USER);

    await share('contact_request', 5);
    expect(await customerOf(USER)).toBe(`+${PHONE}`);
  });

  it('are linked by the recipient of a status', async () => {
    const { reference } = await aBegunSend(table.store, CRM);

    await deliver({
      statuses: [
        aStatus({ biz_opaque_callback_data: reference, recipient_id: PHONE, recipient_user_id: USER, ...head(60) }),
      ],
    });

    for (const name of [CRM, `+${PHONE}`, USER]) expect(await customerOf(name)).toBe(`+${PHONE}`);
  });

  it('stop-under-user-id: make a STOP under the user id count for the number', async () => {
    const template = { channel: CHANNEL, to: `+${PHONE}`, content: aTemplateContent() };
    await register(table, aTemplate());
    await write({ from: PHONE, from_user_id: USER }, 0);
    const optIn = { state: 'opted_in', source: 'website', actor: 'checkout' };
    const path = { channel: CHANNEL, customer: `+${PHONE}` };
    await service.route('PUT /v1/channels/{channel}/customers/{customer}/consent', {
      path,
      body: JSON.stringify(optIn),
    });
    expect((await service.check(template)).body).toMatchObject({ allowed: true });

    const stop = aMessage({ from: '', from_user_id: USER, ...head(60), text: { body: 'STOP' } });
    await deliver({ contacts: [{ wa_id: '', user_id: USER }], messages: [stop] });

    expect(await service.send(template)).toMatchObject({ status: 409, body: { code: 'opted_out' } });
  });

  it('that contradict an older report merge no one, and are logged by the webhook', async () => {
    await write({ from: PHONE, from_user_id: USER }, 0);

    await write({ from: PHONE, from_user_id: OTHER_USER }, 100);

    expect([await customerOf(USER), await customerOf(OTHER_USER)]).toEqual([USER, `+${PHONE}`]);
    expect(service.log.counts).toMatchObject({ NamesContradicted: 1 });
    expect(service.log.lines).toContainEqual({
      code: 'inbound-webhook.names-contradict',
      fields: { channel: CHANNEL, requestId: 'request-1', outcome: 'moved' },
    });
  });
});
