import { afterEach, describe, expect, it } from 'vitest';
import { createAwsSocialTemplateSource } from '../../../../functions/shared/providers/aws-social/templates.ts';
import { anAwsAccount, awsSocialSecrets } from '../../../support/aws-social.ts';
import { aClosedOrigin, aProviderServer, type ProviderCall, type Scripted } from '../../../support/provider-server.ts';

const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const queryOf = ({ path }: ProviderCall) => Object.fromEntries(new URL(path, 'http://aws').searchParams);
const isList = ({ path }: ProviderCall): boolean => path.startsWith('/v1/whatsapp/template/list');

const summary = (id: string, overrides: object = {}) => ({
  templateName: `parcel_${id}`,
  metaTemplateId: id,
  templateStatus: 'APPROVED',
  templateQualityScore: 'GREEN',
  templateLanguage: 'en_US',
  templateCategory: 'UTILITY',
  ...overrides,
});
const details = (text = 'Parcel {{1}}'): Scripted => ({
  body: { template: JSON.stringify({ name: 'other', components: [{ type: 'BODY', text }] }) },
});

/** An account at AWS whose API answers by script; the pauses between its calls are counted. */
const aSource = async (script: (call: ProviderCall) => Scripted) => {
  const aws = await aProviderServer(script);
  servers.push(aws);
  const pauses: number[] = [];
  const { list } = createAwsSocialTemplateSource({
    account: anAwsAccount({ baseUrl: aws.url }),
    secrets: async () => awsSocialSecrets,
    now: () => new Date('2026-11-20T09:00:00.000Z'),
    sleep: async (milliseconds) => void pauses.push(milliseconds),
  });
  return { list, pauses, calls: aws.calls };
};

const THROTTLED: Scripted = { status: 429, headers: { 'x-amzn-errortype': 'ThrottledRequestException' }, body: {} };

describe('the list of templates at AWS', () => {
  it('is read page by page, each template with Meta’s own definition', async () => {
    const { list, calls } = await aSource((call) => {
      if (!isList(call)) return details(`Parcel ${queryOf(call)['metaTemplateId']}`);
      return queryOf(call)['nextToken'] === undefined
        ? { body: { templates: [summary('1'), summary('2')], nextToken: 'more' } }
        : { body: { templates: [summary('3', { templateQualityScore: undefined })] } };
    });

    expect(await list()).toMatchObject({
      kind: 'listed',
      templates: [
        { name: 'parcel_1', language: 'en_US', status: 'APPROVED', category: 'UTILITY', quality: 'GREEN' },
        { name: 'parcel_2', components: [{ type: 'BODY', text: 'Parcel 2' }] },
        { name: 'parcel_3', components: [{ type: 'BODY', text: 'Parcel 3' }] },
      ],
    });
    const { wabaId } = anAwsAccount();
    expect(calls.map((call) => ({ method: call.method, ...queryOf(call) }))).toEqual([
      { method: 'GET', id: wabaId },
      { method: 'GET', id: wabaId, metaTemplateId: '1' },
      { method: 'GET', id: wabaId, metaTemplateId: '2' },
      { method: 'GET', id: wabaId, nextToken: 'more' },
      { method: 'GET', id: wabaId, metaTemplateId: '3' },
    ]);
    for (const { headers } of calls) expect(headers.authorization).toContain('/social-messaging/aws4_request');
  });

  it('leaves out what cannot be read, and keeps the others', async () => {
    const { list } = await aSource((call) => {
      if (isList(call)) return { body: { templates: ['broken', { templateName: 'half' }, summary('1')] } };
      return details();
    });

    expect(await list()).toMatchObject({ kind: 'listed', templates: [{ name: 'parcel_1' }] });
  });

  it('waits while AWS throttles it, longer each time', async () => {
    let throttles = 2;
    const { list, pauses } = await aSource((call) => {
      throttles -= 1;
      if (throttles >= 0) return THROTTLED;
      return isList(call) ? { body: { templates: [summary('1')] } } : details();
    });

    expect(await list()).toMatchObject({ kind: 'listed', templates: [{ name: 'parcel_1' }] });
    expect(pauses).toEqual([1_000, 2_000]);
  });

  it('is given up after five throttled calls', async () => {
    const { list, calls } = await aSource(() => THROTTLED);

    expect(await list()).toMatchObject({ kind: 'failed', error: { code: 'ThrottledRequestException' } });
    expect(calls).toHaveLength(5);
  });

  it.each([
    ['the list', isList],
    ['a template', (call: ProviderCall) => !isList(call)],
  ])('fails as a whole where AWS refuses %s, so that nothing counts as removed', async (_, refused) => {
    const { list } = await aSource((call) => {
      if (refused(call)) return { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: {} };
      return isList(call) ? { body: { templates: [summary('1')] } } : details();
    });

    expect(await list()).toMatchObject({ kind: 'failed', error: { code: 'AccessDeniedException', class: 'alert' } });
  });

  it.each([
    ['no JSON', 'oops'],
    ['another shape', { templates: 7 }],
  ])('fails where the page is %s', async (_, body) => {
    const { list } = await aSource(() => ({ body }));

    expect(await list()).toMatchObject({ kind: 'failed' });
  });

  it('fails where nothing listens, and without credentials', async () => {
    const source = (baseUrl: string, secrets: () => Promise<typeof awsSocialSecrets>) =>
      createAwsSocialTemplateSource({ account: anAwsAccount({ baseUrl }), secrets, now: () => new Date() });

    const unreachable = source(await aClosedOrigin(), async () => awsSocialSecrets);
    const unsigned = source('http://127.0.0.1:9', () => Promise.reject(new Error('no role')));

    expect(await unreachable.list()).toMatchObject({ kind: 'failed', error: { code: 'ECONNREFUSED' } });
    expect(await unsigned.list()).toMatchObject({ kind: 'failed' });
  });
});
