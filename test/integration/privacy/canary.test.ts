import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import type { EventBus } from '../../../functions/shared/runtime/event-bus.ts';
import { createLog } from '../../../functions/shared/runtime/log.ts';
import { LOG_LINES } from '../../../functions/shared/runtime/log-catalogue.ts';
import type { StreamRecord } from '../../../functions/shared/store/changes.ts';
import { dueAttributes } from '../../../functions/shared/store/due/due-entry.ts';
import { messageKey, sessionKey } from '../../../functions/shared/store/keys.ts';
import { NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { aNotification, anEntry, anEnvelope } from '../../support/aws-social.ts';
import { aCanaryService, aVerboseFault, CANARY, type CanaryService, spellings } from '../../support/canary.ts';
import { aSessionItem, aStreamRecord } from '../../support/changes.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aContact, aMessage, aMessageOf, aStatus, metaSecrets, signMeta, toBytes } from '../../support/meta.ts';
import { captureOutput } from '../../support/output.ts';
import { aLog } from '../../support/service.ts';
import { aCallback, anInbound, aReceipt } from '../../support/sinch.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const { phone, userId, name, text } = CANARY;
const DAY = 86_400;

let service: CanaryService;
beforeEach(async () => {
  service = await aCanaryService(dynamoDbEndpoint());
  onTestFinished(service.close);
});

/** The canaries that an output holds, in any encoding. */
const leakedIn = (output: string): readonly string[] =>
  Object.entries(CANARY).flatMap(([what, value]) =>
    spellings(value).some((spelling) => output.includes(spelling)) ? [what] : [],
  );

/** Runs the scenes in their order; returns what the process wrote and the log codes in it. */
const play = async (scenes: () => Promise<void>) => {
  const output = captureOutput();
  await scenes();
  const { text: written, lines } = output();
  return {
    written,
    codes: [...new Set(lines.flatMap(({ message }) => (typeof message === 'string' ? [message] : [])))],
  };
};

const contacts = [aContact({ profile: { name }, wa_id: phone, user_id: userId })];
let messages = 0;
const from = (at = NOON_SECONDS) => {
  messages += 1;
  return { from: phone, from_user_id: userId, id: `wamid.${btoa(phone)}.${messages}`, timestamp: String(at) };
};
const write = (body: string = text, at = NOON_SECONDS) =>
  service.metaChange({ contacts, messages: [aMessage({ ...from(at), text: { body } })] });

const KINDS: readonly (readonly [string, unknown])[] = [
  ['image', { id: '1', mime_type: 'image/jpeg', sha256: 'x', caption: text }],
  ['document', { id: '1', mime_type: 'application/pdf', filename: name, caption: text }],
  ['location', { latitude: 1, longitude: 1, name, address: text }],
  ['contacts', [{ name: { formatted_name: name }, phones: [{ phone }] }]],
  ['interactive', { type: 'button_reply', button_reply: { id: text, title: text } }],
  ['interactive', { type: 'nfm_reply', nfm_reply: { response_json: `not JSON: ${text}` } }],
  ['button', { text, payload: text }],
  [
    'interactive',
    {
      type: 'nfm_reply',
      nfm_reply: { name: 'address_message', body: text, response_json: JSON.stringify({ values: { name } }) },
    },
  ],
  ['order', { catalog_id: '1', text, product_items: [{ product_retailer_id: text }] }],
  ['reaction', { message_id: 'wamid.1', emoji: text }],
  ['system', { body: `${name} changed from ${phone}`, wa_id: phone }],
  ['unsupported', { type: text }],
  [text, { [name]: text }],
  ['text', text],
];

const webhooksOfMeta = async () => {
  expect(await write()).toBe(200);
  expect(await write(text, NOON_SECONDS + DAY)).toBe(200);
  for (const [type, content] of KINDS)
    expect(await service.metaChange({ contacts, messages: [aMessageOf(type, content, from())] })).toBe(200);
  const broken = [{ ...from(), from: name, from_user_id: undefined }, { ...from(), timestamp: text }, text, null];
  expect(await service.metaChange({ contacts, messages: broken })).toBe(200);
  expect(await service.metaChange({ contacts: text, messages: text, statuses: text, errors: [{ title: text }] })).toBe(
    200,
  );
  const errors = [{ code: text, title: text, message: `${phone} ${text}`, error_data: { details: text } }];
  const statuses = [aStatus({ recipient_id: phone, biz_opaque_callback_data: text, status: 'failed', errors })];
  expect(await service.metaChange({ contacts, statuses })).toBe(200);
  expect(await service.metaChange({ errors })).toBe(200);
  expect(await service.metaChange({ [name]: text }, text)).toBe(200);
  for (const body of [text, `{"${text}":`, '[]', 'null', JSON.stringify({ object: text, entry: text })])
    expect(await service.meta(Buffer.from(body))).toBe(200);
  const stop = { wa_id: phone, category: 'marketing_messages', value: 'stop', timestamp: NOON_SECONDS, detail: text };
  expect(await service.metaChange({ contacts, user_preferences: [stop] }, 'user_preferences')).toBe(200);
  expect(await service.metaChange({ user_preferences: [{ ...stop, wa_id: name }] }, 'user_preferences')).toBe(200);
  const nextOwner = { ...from(NOON_SECONDS + DAY), from_user_id: `${userId}1` };
  expect(await service.metaChange({ messages: [aMessage({ ...nextOwner, text: { body: text } })] })).toBe(200);
};

const refusedWebhooks = async () => {
  const body = toBytes({ text, phone });
  for (const signature of ['', CANARY.appSecret, `sha256=${CANARY.appSecret}`, signMeta(body, 'another')])
    expect(await service.meta(body, signature)).toBe(401);
  expect(await service.sinch({ text }, 'another')).toBe(401);
  expect(await service.sinch({ text }, CANARY.webhookSecret, NOON_SECONDS - 2 * DAY)).toBe(401);
  expect(await service.challenge(CANARY.verifyToken)).toBe(200);
  expect(await service.challenge(CANARY.appSecret)).toBe(403);
  expect(await service.strayWebhook()).toBe(404);
  service.failSecrets(true);
  expect(await service.meta(body)).toBe(500);
  expect(await service.challenge(CANARY.verifyToken)).toBe(500);
  service.failSecrets(false);
  service.failStoreAt(0);
  expect(await write()).toBe(500);
};

const webhooksOfSinch = async () => {
  const identity = { channel: 'WHATSAPP', identity: phone, app_id: '' };
  const by = { channel_identity: identity };
  const contact = [{ text_message: { text } }, { media_message: { url: `https://x/${text}` } }, { [name]: text }, text];
  for (const message of contact) expect(await service.sinch(anInbound(message, by))).toBe(200);
  const anonymous = { channel_identity: { ...identity, identity: name } };
  expect(await service.sinch(anInbound({ text_message: { text } }, anonymous))).toBe(200);
  const reason = { code: text, description: `${phone}: ${text}` };
  expect(await service.sinch(aReceipt({ ...by, status: 'FAILED', reason, metadata: text }))).toBe(200);
  const opting = { ...identity, request_id: text, status: 'OPT_IN_SUCCEEDED' };
  expect(await service.sinch(aCallback({ opt_in_notification: opting }))).toBe(200);
  expect(await service.sinch(aCallback({ opt_out_notification: opting }))).toBe(200);
  expect(await service.sinch(aCallback({ opt_in_notification: { ...opting, identity: name } }))).toBe(200);
  expect(await service.sinch(text)).toBe(200);
  expect(await service.sinch({ [name]: text })).toBe(200);
};

const to = `+${phone}`;
const SAY = { channel: 'support', to, content: { type: 'text', text } };
const CONTENTS: readonly object[] = [
  { type: 'text', text },
  { type: 'image', url: 'https://example.com/a.jpg', caption: text },
  { type: 'location', latitude: 1, longitude: 1, name, address: text },
  { type: 'contacts', contacts: [{ name: { formatted: name }, phones: [{ phone: to }] }] },
  { type: 'buttons', body: text, buttons: [{ id: '1', title: 'Finch' }] },
  { type: 'reaction', messageId: 'wamid.1', emoji: '👍' },
  { type: 'cta_url', body: text, button: 'Finch', url: 'https://example.com/finch' },
  { type: 'flow', body: text, flowId: '1', button: 'Go', token: text, screen: 'A', data: { name } },
];

const sends = async () => {
  for (const content of CONTENTS) {
    expect(await service.send({ ...SAY, content, clientReference: name })).toBe(201);
    expect(await service.check({ ...SAY, content })).toBe(200);
  }
  for (const content of CONTENTS.slice(0, 5))
    expect(await service.send({ ...SAY, channel: 'support-sinch', content })).toBe(201);
  const upload = `up_30_${'ab'.repeat(20)}`;
  expect(await service.send({ ...SAY, content: { type: 'image', upload, caption: text } })).toBe(503);
  const key = CANARY.idempotencyKey;
  expect(await service.send(SAY, key)).toBe(201);
  expect(await service.send(SAY, key)).toBe(201);
  expect(await service.send({ ...SAY, clientReference: text }, key)).toBe(422);
  await register(service.table, aTemplate());
  expect(await service.send({ ...SAY, content: aTemplateContent() })).toBe(201);
  expect(await service.send({ ...SAY, content: aTemplateContent({ name: 'unknown_one' }) })).toBe(422);
  service.answer({
    body: { messages: [{ id: `wamid.${btoa(phone)}`, message_status: 'held_for_quality_assessment' }] },
  });
  expect(await service.send({ ...SAY, content: aTemplateContent() })).toBe(201);
  service.answer();
};

const statuses = async () => {
  let reference: unknown;
  service.answer(({ body }) => {
    reference = (body as Record<string, unknown>)['biz_opaque_callback_data'];
    return { body: { messages: [{ id: `wamid.${btoa(phone)}` }] } };
  });
  expect(await service.send(SAY)).toBe(201);
  service.answer();
  const errors = [{ code: 131050, title: text, message: `${phone} ${text}` }];
  for (const status of ['delivered', 'read', 'failed'])
    expect(
      await service.metaChange({
        contacts,
        statuses: [aStatus({ recipient_id: phone, biz_opaque_callback_data: reference, status, errors })],
      }),
    ).toBe(200);
};

const refusedSends = async () => {
  for (const body of [
    text,
    { to: phone },
    { ...SAY, [name]: text },
    { ...SAY, to: name },
    { ...SAY, content: { type: text } },
  ])
    expect(await service.send(body)).toBe(400);
  expect(await service.send({ ...SAY, channel: phone })).toBe(404);
  expect(await service.send({ ...SAY, to: 'DE.4242' })).toBe(409);
  service.failStoreAt(0);
  expect(await service.send(SAY)).toBe(500);
};

const sendsInTrouble = async () => {
  const details = { title: text, message: `(#1) ${phone}: ${text}`, error_data: { details: `${name} ${text}` } };
  const sinch = { ...SAY, channel: 'support-sinch' };
  service.answer({ status: 400, body: { error: { code: 131026, ...details } } });
  expect(await service.send(SAY)).toBe(502);
  expect(await service.markRead(`wamid.${btoa(phone)}.1`)).toBe(502);
  expect(await service.changeOwner('take', { as: 'person' })).toBe(200);
  expect(await service.changeOwner('release', { as: 'person' })).toBe(200);
  service.answer({ status: 400, body: { error: { code: `${phone} ${text}`, ...details } } });
  expect(await service.send(SAY)).toBe(502);
  service.answer({ status: 400, body: { error: { code: 400, status: text, message: `${phone}: ${text}` } } });
  expect(await service.send(sinch)).toBe(502);
  service.answer({ status: 503, body: { error: { code: 131016, ...details } } });
  expect(await service.send(SAY, CANARY.idempotencyKey.repeat(2))).toBe(503);
  service.failStoreAt(2);
  expect(await service.send(SAY)).toBe(503);
  service.answer({ status: 502, body: `${phone} ${text}` });
  expect(await service.send(SAY)).toBe(202);
  service.answer({ hangUp: true });
  expect(await service.send(SAY)).toBe(202);
  expect(await service.send(sinch)).toBe(202);
  service.answer();
  service.failSecrets(true);
  expect(await service.send(SAY)).toBe(503);
  service.failSecrets(false);
  service.failStoreAt(2);
  expect(await service.send(SAY)).toBe(201);
  service.answer(async () => {
    await optOut();
    return { status: 503, body: { error: { code: 131016, ...details } } };
  });
  expect(await service.send(SAY)).toBe(409);
  service.answer({ status: 400, body: { error: { code: 131047, ...details } } });
  await optIn();
  expect(await service.send(SAY)).toBe(409);
  service.answer();
};

const CUSTOMER_ROUTE = '/v1/channels/{channel}/customers/{customer}';
const consents = (state: string, second: number) => {
  service.setNow(secondsAfterNoon(second));
  const change = { state, source: text, actor: name, text, categories: [text] };
  return service.api(`PUT ${CUSTOMER_ROUTE}/consent`, { body: JSON.stringify(change) });
};
const optOut = () => consents('opted_out', 10);
const optIn = () => consents('opted_in', 20);

const reads = async () => {
  for (const what of ['session', 'messages', 'consent'])
    expect(await service.api(`GET ${CUSTOMER_ROUTE}/${what}`)).toBe(200);
  expect(await service.api(`PUT ${CUSTOMER_ROUTE}/consent`, { body: text })).toBe(400);
  const path = { channel: 'support' };
  const body = JSON.stringify({ customers: [to, userId] });
  expect(await service.api('POST /v1/channels/{channel}/sessions/query', { path, body })).toBe(200);
  expect(await service.api(`GET ${CUSTOMER_ROUTE}/messages`, { query: { cursor: text } })).toBe(400);
  expect(await service.api('GET /v1/messages/{id}', { path: { id: phone } })).toBe(404);
  expect(await service.api('POST /v1/messages/{id}/resolve', { path: { id: phone }, body: text })).toBe(400);
  expect(await service.api('$default')).toBe(404);
  const row = { customer: to, state: 'opted_in', source: name, actor: text, text };
  service.failStoreAt(0);
  const consents = JSON.stringify({ consents: [row, { ...row, customer: text }] });
  expect(await service.api('PUT /v1/channels/{channel}/consents', { path, body: consents })).toBe(200);
  service.failStoreAt(0);
  expect(await service.api(`GET ${CUSTOMER_ROUTE}/session`)).toBe(500);
};

const scheduledWork = async () => {
  expect(await service.sync('support')).toBe(200);
  expect(await service.sync('support-sinch')).toBe(200);
  service.answer({
    status: 400,
    body: { error: { code: text, message: `${CANARY.accessToken} ${text}` }, errorCode: text },
  });
  expect(await service.sync('support')).toBe(502);
  expect(await service.sync('support-sinch')).toBe(502);
  service.answer();
  service.failSecrets(true);
  await expect(service.syncAll()).rejects.toThrow();
  service.failSecrets(false);
  service.failStoreAt(0);
  await expect(service.syncAll()).rejects.toThrow();
  service.setNow(secondsAfterNoon(3_600));
  await service.sweep();
  const { documents, tableName } = service.table;
  const Item = { ...sessionOf, ...aSessionItem(), phase: text, ...itsEntry(), [name]: phone };
  await documents.send(new PutCommand({ TableName: tableName, Item }));
  service.setNow(secondsAfterNoon(DAY + 600));
  await service.sweep();
  service.failStoreAt(0);
  await expect(service.sweep()).rejects.toThrow();
};

const deliveries = async () => {
  expect(await service.deliver()).toBe(0);
  for (const answer of [
    { status: 500, body: text },
    { status: 302, headers: { location: `/${phone}` } },
    { hangUp: true },
  ]) {
    service.answer(answer);
    expect(await service.deliver()).toBe(1);
  }
  service.answer();
  expect(await service.deliver(`https://example.com/${CANARY.endpointKey}`)).toBe(0);
  expect(await service.deliver('', text)).toBe(1);
  expect(await service.routeEvent()).toBe(0);
  service.failSecrets(true);
  expect(await service.deliver()).toBe(1);
  expect(await service.routeEvent()).toBe(1);
  service.failSecrets(false);
  await service.readStaleSecret();
};

const erasing = async () => {
  service.failStoreAt(1);
  expect(await service.api(`DELETE ${CUSTOMER_ROUTE}`)).toBe(500);
  // On a busy machine it takes more than one call's time.
  await expect.poll(() => service.api(`DELETE ${CUSTOMER_ROUTE}`), { timeout: 100_000 }).toBe(200);
};

const partition = { channel: 'support', customer: CustomerKey.parse(to) };
const rowKey = messageKey({ ...partition, atMs: NOON_SECONDS * 1000, id: `wamid.${btoa(phone)}` });
const sensitive = {
  id: `wamid.${btoa(phone)}`,
  at: NOON_SECONDS * 1000,
  receivedAt: NOON_SECONDS * 1000,
  profileName: name,
};
const aRow = (item: object) => aStreamRecord(rowKey, undefined, { direction: 'inbound', ...sensitive, ...item });
const content = JSON.stringify({ type: 'text', text });
const itsEntry = () => dueAttributes({ kind: 'session', ...partition, dueAt: NOON_SECONDS + DAY });
const sessionOf = sessionKey(partition.channel, partition.customer);

/** Records that cannot be published, each for another reason, and the response of the bus. */
const POISONS: readonly (readonly [StreamRecord, EventBus['put']])[] = [
  [aRow({ direction: text, content }), async () => [true]],
  [aRow({ content: `not JSON: ${text}` }), async () => [true]],
  [aRow({ [name]: text, at: phone }), async () => [true]],
  [aStreamRecord(sessionOf, undefined, { ...aSessionItem(), phase: text, [phone]: name }), async () => [true]],
  [aRow({ content }), async () => [false]],
  [aRow({ content }), () => Promise.reject(aVerboseFault())],
];
const anEnd = () => aStreamRecord(sessionOf, aSessionItem({ sessionId: text }), undefined, NOON_SECONDS + 2 * DAY);

/** The provider's answer to a send names another user id than the one that is linked. */
const contradictingAnswer = async () => {
  const [id, at] = ['msg_01KADQ2M7S0V9T4JYB6G1H3E5R', NOON_SECONDS * 1000];
  const key = messageKey({ ...partition, atMs: at, id });
  const decision = { at, consent: 'unknown', consentVersion: 0, usesReengagement: false };
  const sent = {
    direction: 'outbound',
    id,
    at,
    sentAs: 'session',
    status: 'sent',
    statuses: [{ status: 'sent', at: at + 2 * DAY * 1000 }],
    leaseUntil: 0,
    decision,
    content,
    recipient: { userId: `${userId}2` },
  };
  const { documents, tableName } = service.table;
  await documents.send(new PutCommand({ TableName: tableName, Item: { ...key, ...sent } }));
  const record = aStreamRecord(key, undefined, sent);
  expect((await service.processRecords([record], async () => [true])).batchItemFailures).toEqual([]);
};

const failingRecords = async () => {
  for (const [record, put] of POISONS) {
    expect((await service.processRecords([record], put)).batchItemFailures).toHaveLength(1);
    await expect(service.processRecords([record, record], put)).rejects.toThrow();
  }
  for (const [record] of POISONS.slice(0, 4)) {
    const letters = await service.deadLetter(record);
    expect(letters).toHaveLength(1);
    for (const canary of [text, name]) expect(letters[0]).not.toContain(canary);
  }
  service.failStoreAt(0);
  expect((await service.processRecords([anEnd()], async () => [true, true])).batchItemFailures).toHaveLength(1);
  service.failStoreAt(0);
  expect((await service.processRecords([aRow({ content })], async () => [true])).batchItemFailures).toHaveLength(1);
};

const files = async () => {
  const id = `wamid.${btoa(`${phone} file`)}`;
  const at = Date.parse('2026-11-20T12:00:00Z');
  const image = { id: '4242', mime_type: 'image/jpeg', caption: text };
  await service.metaChange({ messages: [{ id, from: phone, timestamp: String(at / 1000), type: 'image', image }] });
  const task = JSON.stringify({ task: 'copy', channel: 'support', customer: to, atMs: at, id });
  service.failSecrets(true);
  expect(await service.media(task)).toBe(1);
  service.failSecrets(false);
  service.answer({ status: 500, body: { error: { message: text } } });
  expect(await service.media(task)).toBe(1);
  service.answer({ status: 404, body: { error: { message: text } } });
  expect(await service.media(task)).toBe(0);
  expect(await service.showMedia(id)).toBe(410);
  service.answer({ body: { url: `${service.url}/${encodeURIComponent(text)}`, mime_type: 'image/jpeg' } });
  expect(await service.media(task)).toBe(0);
  expect(await service.showMedia(id)).toBe(200);
  expect(await service.media(text)).toBe(1);
  expect(await service.prepareFile()).toMatchObject({ kind: 'unavailable' });
  service.answer();
};

const eventsOfNumbersAtAws = async () => {
  const foreign = anEnvelope(anEntry({ contacts: [{ profile: { name }, wa_id: phone }], messages: [{ from: phone }] }));
  expect(await service.queueEvent(aNotification(foreign))).toBe(0);
  expect(await service.queueEvent(`${phone} ${name} ${text}`)).toBe(1);
  await service.setDestination(false);
  await service.setDestination(true);
};

describe('logs and metrics', () => {
  it('hold nothing of customers, messages and secrets, whatever happens', async () => {
    const { written, codes } = await play(async () => {
      await webhooksOfMeta();
      await webhooksOfSinch();
      await refusedWebhooks();
      await sends();
      await statuses();
      await refusedSends();
      await sendsInTrouble();
      await reads();
      await failingRecords();
      await files();
      await eventsOfNumbersAtAws();
      await contradictingAnswer();
      await erasing();
      await scheduledWork();
      await deliveries();
    });

    expect(leakedIn(written)).toEqual([]);
    expect(Object.keys(LOG_LINES).filter((code) => !codes.includes(code))).toEqual([]);
  });

  it('hold nothing of them in the report of a redrive either', async () => {
    for (const [record, put] of POISONS) {
      const report = await service.redrive([record], put);
      expect(report).toEqual([expect.stringMatching(/^sequenceNumber \d+ \w+/)]);
      expect(leakedIn(report.join())).toEqual([]);
    }
  });

  it('fail this test when they hold a canary', async () => {
    const { written } = await play(async () => {
      const log = createLog('canary', 'test');
      log.info('outbound-send.refused', { channel: encodeURIComponent(name), code: `Basic ${btoa(CANARY.keySecret)}` });
      log.error('http.failed', { route: `/${phone}` }, aVerboseFault());
    });

    expect(leakedIn(written)).toEqual(['phone', 'name', 'keySecret']);
  });
});

describe('the log of all other tests', () => {
  it.fails('fails a test in which a phone number is logged', () => {
    aLog().error('http.failed', { route: `/v1/${to}` }, new Error('failed'));
  });

  it.fails('fails a test in which a secret is logged', () => {
    aLog().info('outbound-send.refused', { channel: 'support', code: metaSecrets.accessToken });
  });

  it('accepts ids of the service and counts', () => {
    const id = 'msg_01234567890123456789012345';
    const requestId = 'e0473db3-9981-4b09-ada3-429518516090';
    aLog().info('change-stream.published', { eventId: 'evt_1', type: 'message.received', requestId });
    aLog().info('outbound-send.sent', { channel: 'support', messageId: id, type: 'text' });
    aLog().info('window-sweep.done', { channels: 2, sessions: 3, sends: 1_000_000 });
  });
});
