import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTemplateSync } from '../../../functions/template-sync/template-sync.ts';
import { NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anEvent } from '../../support/events.ts';
import { aChange, aNotification, metaSecrets, signMeta, toBytes } from '../../support/meta.ts';
import {
  aProviderServer,
  type ProviderCall,
  type ProviderServer,
  type Scripted,
} from '../../support/provider-server.ts';
import { secretsFrom } from '../../support/secrets.ts';
import { aConfig, aLog, aService, type TestService } from '../../support/service.ts';
import { SINCH_SECRETS } from '../../support/sinch.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { aTemplate } from '../../support/template-parts.ts';

const LISTED = { ...aTemplate(), id: '1' };
const META_LIST: Scripted = { body: { data: [LISTED] } };
const SINCH_LIST: Scripted = {
  body: {
    templates: [{ name: 'hello', language: 'DE', category: 'UTILITY', state: 'APPROVED', details: { components: [] } }],
  },
};

let table: TestTable;
let provider: ProviderServer;
let service: TestService;
let answers: { meta: Scripted; sinch: Scripted };

const script = ({ path }: ProviderCall): Scripted => {
  if (path === '/oauth2/token') return { body: { access_token: 't', expires_in: 3600 } };
  return path.includes('/message_templates') ? answers.meta : answers.sinch;
};

beforeEach(async () => {
  answers = { meta: META_LIST, sinch: SINCH_LIST };
  table = await aTable(dynamoDbEndpoint());
  provider = await aProviderServer(script);
  service = aService(table, config());
});
afterEach(() => provider.close());

const config = () => {
  const { accounts, channels } = aConfig(provider.url);
  return {
    accounts: accounts.map((account) =>
      account.provider === 'sinch' ? { ...account, provisioningUrl: provider.url } : account,
    ),
    channels,
  };
};

const setUp = (now = NOON) => {
  const log = aLog();
  const lambda = createTemplateSync({
    config: config(),
    tableName: table.tableName,
    dynamo: table.client,
    secrets: secretsFrom({ meta: metaSecrets, sinch: SINCH_SECRETS }),
    now: () => now,
    log,
  });
  const request = async (channel: string) => {
    const { statusCode, headers, body } = await lambda.onRequest(
      anEvent('POST /v1/channels/{channel}/templates/sync', { path: { channel } }),
    );
    return { status: statusCode, headers, body: JSON.parse(body ?? '') as unknown };
  };
  return { ...lambda, request, log };
};

const shown = (channel: string, query: Record<string, string> = {}) =>
  service.route('GET /v1/channels/{channel}/templates', { path: { channel }, query });

describe('the daily sync', () => {
  it('reads the templates of every account', async () => {
    const { onSchedule, log } = setUp();

    await onSchedule({ id: 'event-1' });

    expect((await shown('support')).body).toEqual({ templates: [{ ...aTemplate(), version: 1 }] });
    expect((await shown('support-sinch')).body).toMatchObject({ templates: [{ name: 'hello', language: 'de' }] });
    expect(log.lines.map(({ code, fields }) => [code, fields])).toEqual([
      ['template-sync.synced', { account: 'shop-meta', listed: 1, changed: 1, removed: 0 }],
      ['template-sync.synced', { account: 'care-sinch', listed: 1, changed: 1, removed: 0 }],
    ]);
    expect(log.counts).toEqual({ TemplatesChanged: 2 });
  });

  it('counts as the last sync only when every account was read', async () => {
    const ageAt = async (seconds: number) => (await table.store.beat(secondsAfterNoon(seconds))).syncAgeSeconds;
    expect(await ageAt(0)).toBe(0);

    answers.meta = { status: 503, body: 'down' };
    await expect(setUp(secondsAfterNoon(100)).onSchedule({})).rejects.toThrow();
    expect(await ageAt(200)).toBe(200);

    answers.meta = META_LIST;
    await setUp(secondsAfterNoon(300)).onSchedule({});
    expect(await ageAt(400)).toBe(100);
  });

  it('reads the others when one provider fails, and fails in the end so that it is tried again', async () => {
    const { onSchedule, log } = setUp();
    answers.meta = { status: 503, body: 'down' };

    await expect(onSchedule({})).rejects.toThrow('the templates of shop-meta could not be synced');

    expect((await shown('support-sinch')).body).toMatchObject({ templates: [{ name: 'hello' }] });
    expect(log.lines[0]).toEqual({
      code: 'template-sync.refused',
      fields: { account: 'shop-meta', provider: 'http_503', class: 'retry_now' },
    });
    expect(log.counts).toMatchObject({ TemplateSyncFailures: 1 });
  });

  it('reads the others when the table fails for one', async () => {
    const { onSchedule, log } = setUp();
    table.wire.failAt(0, 'before');

    await expect(onSchedule({})).rejects.toThrow('shop-meta');

    expect((await shown('support-sinch')).body).toMatchObject({ templates: [{ name: 'hello' }] });
    expect(log.lines[0]).toMatchObject({ code: 'template-sync.failed', fields: { account: 'shop-meta' } });
  });

  it('leaves the registry as it was when the provider does not list', async () => {
    await setUp().onSchedule({});
    answers.meta = { body: {} };

    await expect(setUp(secondsAfterNoon(60)).onSchedule({})).rejects.toThrow('shop-meta');

    expect((await shown('support')).body).toMatchObject({ templates: [{ name: 'parcel_news' }] });
  });
});

describe('POST /v1/channels/{channel}/templates/sync', () => {
  it('syncs the account of that channel alone, and says what changed', async () => {
    const { request } = setUp();

    expect(await request('support')).toMatchObject({
      status: 200,
      body: { synced: { listed: 1, changed: 1, removed: 0 } },
    });
    expect(provider.calls.map(({ path }) => path.split('?')[0])).toEqual(['/v26.0/700000000000001/message_templates']);

    answers.meta = { body: { data: [] } };
    expect(await setUp(secondsAfterNoon(60)).request('support')).toMatchObject({
      body: { synced: { listed: 0, changed: 0, removed: 1 } },
    });
  });

  it.each([
    [{ status: 503, body: '' }, 503, 'provider_unavailable', 'retry_later'],
    [{ status: 429, body: '' }, 503, 'provider_rate_limited', 'retry_later'],
    [{ status: 401, body: { error: { code: 190 } } }, 502, 'provider_rejected', 'fix_account'],
  ])('answers what the provider says: %j', async (answer, status, code, nextAction) => {
    answers.meta = answer;

    expect(await setUp().request('support')).toMatchObject({
      status,
      headers: status === 503 ? { 'retry-after': '30' } : {},
      body: { code, nextAction, provider: { code: expect.any(String) } },
    });
  });

  it('answers 404 for a channel that is not configured', async () => {
    expect(await setUp().request('nobody')).toMatchObject({ status: 404, body: { code: 'unknown_channel' } });
  });

  it('answers 500 when the table fails', async () => {
    table.wire.failAt(0, 'before');

    expect(await setUp().request('support')).toMatchObject({ status: 500, body: { code: 'internal' } });
  });
});

describe('GET /v1/channels/{channel}/templates', () => {
  it('shows the registry in pages', async () => {
    answers.meta = { body: { data: ['a', 'b', 'c'].map((name) => ({ ...LISTED, name })) } };
    await setUp().onSchedule({});

    const first = await shown('support', { limit: '2' });
    const second = await shown('support', { limit: '2', cursor: String(first.body['next']) });

    expect(first.body['templates']).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    expect(second.body).toEqual({ templates: [expect.objectContaining({ name: 'c' })] });
  });

  it('is empty before the first sync', async () => {
    expect(await shown('support')).toMatchObject({ status: 200, body: { templates: [] } });
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '101' }, 'limit'],
    [{ cursor: 'nonsense' }, 'cursor'],
    [{ cursor: Buffer.from('MSG#1795165200000#wamid.1').toString('base64url') }, 'cursor'],
  ])('refuses %j', async (query, path) => {
    expect(await shown('support', query as Record<string, string>)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path }] },
    });
  });

  it('answers 404 for a channel that is not configured', async () => {
    expect(await shown('nobody')).toMatchObject({ status: 404, body: { code: 'unknown_channel' } });
  });
});

describe('a template webhook', () => {
  const about = (fields: object) => ({
    message_template_name: 'parcel_news',
    message_template_language: 'en-US',
    ...fields,
  });
  const deliver = (time: number | undefined, ...values: readonly object[]) => {
    const changes = values.map((value) => aChange(about(value), 'message_template_status_update'));
    const body = toBytes({ ...aNotification(), entry: [{ id: '700000000000001', time, changes }] });
    return service.webhook('POST /webhooks/meta/{account}', {
      path: { account: 'shop-meta' },
      headers: { 'x-hub-signature-256': signMeta(body) },
      body,
    });
  };
  beforeEach(async () => {
    await setUp().onSchedule({});
    service.setNow(secondsAfterNoon(3_600));
  });

  it('is in the registry before it is answered', async () => {
    expect(await deliver(NOON_SECONDS + 60, { event: 'PAUSED' })).toMatchObject({ status: 200 });

    expect((await shown('support')).body).toMatchObject({ templates: [{ status: 'PAUSED', version: 2 }] });
    expect(service.log.counts).toMatchObject({ TemplatesChanged: 1 });
    expect(service.log.lines.at(-1)).toMatchObject({ code: 'inbound-webhook.taken', fields: { templates: 1 } });
  });

  it('takes each change of a batch, and the last of the same second counts', async () => {
    await deliver(NOON_SECONDS + 60, { event: 'PAUSED' }, { new_quality_score: 'RED' }, { event: 'REINSTATED' });

    expect((await shown('support')).body).toMatchObject({ templates: [{ status: 'APPROVED', quality: 'RED' }] });
  });

  it('that is older than the list changes nothing', async () => {
    await deliver(NOON_SECONDS - 60, { event: 'PAUSED' });

    expect((await shown('support')).body).toMatchObject({ templates: [{ status: 'APPROVED' }] });
  });

  it.each([
    ['without a time', undefined],
    ['from the future', NOON_SECONDS + 7_200],
  ])('%s counts as of its arrival', async (_, time) => {
    await deliver(time, { event: 'PAUSED' });
    expect((await shown('support')).body).toMatchObject({ templates: [{ status: 'PAUSED' }] });

    await setUp(secondsAfterNoon(3_601)).onSchedule({});
    expect((await shown('support')).body).toMatchObject({ templates: [{ status: 'APPROVED' }] });
  });

  it('on a template that is not registered is answered 200 and counted', async () => {
    expect(await deliver(NOON_SECONDS + 60, { message_template_name: 'other', event: 'APPROVED' })).toMatchObject({
      status: 200,
    });
    expect(service.log.counts).toMatchObject({ TemplatesUnknown: 1 });
  });

  it('is asked for again when it could not be stored', async () => {
    table.wire.failAt(0, 'before');

    expect(await deliver(NOON_SECONDS + 60, { event: 'PAUSED' })).toMatchObject({ status: 500 });
  });
});
