import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { anArrival, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aProviderServer, type ProviderServer, type Scripted } from '../../support/provider-server.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aReceipt, bytesOf, SINCH_SECRETS, sinchHeaders } from '../../support/sinch.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { aTemplate, aTemplateContent } from '../../support/templates.ts';

const CHANNEL = 'support-sinch';
const DAY = 86_400;
const TIMES = { event_time: secondsAfterNoon(DAY + 60).toISOString() };

let table: TestTable;
let provider: ProviderServer;
let service: TestService;
let answer: Scripted;
let to: CustomerKey;
let customers = 0;

beforeAll(async () => {
  table = await aTable(dynamoDbEndpoint());
  provider = await aProviderServer(({ path }) =>
    path.endsWith('/token') ? { body: { access_token: 'token', expires_in: 3_600 } } : answer,
  );
  service = aService(table, aConfig('http://127.0.0.1:9', provider.url));
  await table.store.replaceTemplates({ account: 'care-sinch', templates: [aTemplate()], askedAt: NOON });
});
afterAll(() => provider.close());

/** A customer whose window has ended and who has opted in. */
beforeEach(async () => {
  customers += 1;
  to = CustomerKey.parse(`+4915112300${100 + customers}`);
  answer = { body: { message_id: `01SENT${customers}` } };
  const change = { id: 'c', scope: 'all', state: 'opted_in', effectiveAt: 0, source: 'web', actor: 'test' } as const;
  await table.store.recordInbound(anArrival({ channel: CHANNEL, identities: { phone: to } }));
  await table.store.recordConsent({ channel: CHANNEL, customer: to, now: NOON, change });
  service.setNow(secondsAfterNoon(DAY + 30));
});

const send = async (): Promise<Record<string, unknown>> =>
  (await service.send({ channel: CHANNEL, to, content: aTemplateContent() })).body;
const metadata = () =>
  String((provider.calls.at(-1)?.body as Record<string, unknown> | undefined)?.['message_metadata']);
const statusOf = async ({ id }: Record<string, unknown>) => (await service.message(String(id))).body['status'];
const isSlotFree = async () =>
  ((await service.session(CHANNEL, to)).body['reengagement'] as { available: boolean }).available;

/** A receipt in the form of Sinch's own SDK models: without a channel. */
const report = async (receipt: object) => {
  const body = bytesOf(aReceipt({ channel_identity: undefined, ...receipt }, TIMES));
  const at = { nonce: '01NONCE', timestamp: String(secondsAfterNoon(DAY + 30).getTime() / 1000) };
  const headers = sinchHeaders(body, SINCH_SECRETS.webhookSecrets[0] ?? '', at);
  const { status } = await service.webhook('POST /webhooks/sinch/{account}', {
    path: { account: 'care-sinch' },
    headers,
    body,
  });
  expect(status).toBe(200);
};

describe('sinch-report-without-channel: a receipt that names no channel', () => {
  const failed = { status: 'FAILED', reason: { code: 'NO_CHANNELS_LEFT' } };

  it('sinch-report-without-channel: fails the message of its metadata, and frees the slot', async () => {
    const sent = await send();
    expect([await statusOf(sent), await isSlotFree()]).toEqual(['sent', false]);

    await report({ ...failed, message_id: sent['providerMessageId'], metadata: metadata() });

    expect([await statusOf(sent), await isSlotFree()]).toEqual(['failed', true]);
  });

  it('sinch-report-without-channel: settles a send in doubt, which later receipts name by Sinch’s id alone', async () => {
    answer = { hangUp: true };
    const doubtful = await send();
    expect(await statusOf(doubtful)).toBe('in_doubt');

    await report({ status: 'DELIVERED', message_id: '01LATE', metadata: metadata() });
    expect([await statusOf(doubtful), await isSlotFree()]).toEqual(['delivered', false]);

    await report({ status: 'READ', message_id: '01LATE', metadata: '' });
    expect(await statusOf(doubtful)).toBe('read');
  });

  it.each([
    ['in channel_identity', { channel_identity: { channel: 'SMS', identity: '4915112345678', app_id: '' } }],
    ['in the old form', { channel: 'MESSENGER' }],
  ])('sinch-report-without-channel: is ignored where it names another one %s', async (_, named) => {
    const sent = await send();

    await report({ ...failed, ...named, message_id: sent['providerMessageId'], metadata: metadata() });

    expect([await statusOf(sent), await isSlotFree()]).toEqual(['sent', false]);
  });
});
