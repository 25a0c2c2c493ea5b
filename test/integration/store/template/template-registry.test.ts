import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { templateKey } from '../../../../functions/shared/store/keys.ts';
import { parseTemplateRow, templateKeys } from '../../../../functions/shared/store/template/template-registry.ts';
import { NOON, secondsAfterNoon } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';
import { aTemplate, aTemplateContent } from '../../../support/template-parts.ts';

const ACCOUNT = 'shop-meta';
const NEWS = { account: ACCOUNT, name: 'parcel_news', language: 'en_US' };

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const sync = (templates: ReturnType<typeof aTemplate>[], askedAt = NOON, account = ACCOUNT) =>
  table.store.replaceTemplates({ account, templates, askedAt });
const hear = (change: object, seconds: number) =>
  table.store.updateTemplate({
    ...NEWS,
    change,
    atMs: secondsAfterNoon(seconds).getTime(),
    arrivedAtMs: secondsAfterNoon(seconds).getTime(),
  });
const list = async (account = ACCOUNT) => (await table.store.listTemplates({ account, limit: 100 })).templates;

describe('a sync', () => {
  it('registers what is listed, under one account alone', async () => {
    expect(await sync([aTemplate(), aTemplate({ language: 'de' })])).toEqual({ listed: 2, changed: 2, removed: 0 });

    expect(await list()).toEqual([
      { ...aTemplate({ language: 'de' }), version: 1 },
      { ...aTemplate(), version: 1 },
    ]);
    expect(await list('shop')).toEqual([]);
  });

  it('adds the time to live to an entry of the release before, which has no time for it', async () => {
    await sync([aTemplate()]);
    const key = templateKey(ACCOUNT, 'parcel_news', 'en_US');
    const { changedAt, ...item } = (await table.read(key)) ?? {};
    const { ttlSeconds: _, ...before } = changedAt;
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item: { ...item, changedAt: before } }));

    expect(await sync([aTemplate({ ttlSeconds: 3_600 })], secondsAfterNoon(60))).toMatchObject({ changed: 1 });
    expect(await list()).toEqual([{ ...aTemplate({ ttlSeconds: 3_600 }), version: 2 }]);
  });

  it('keeps the cards of a carousel and what an offer and a code are', async () => {
    const template = aTemplate({
      components: [
        { type: 'LIMITED_TIME_OFFER', hasExpiration: true },
        { type: 'BUTTONS', buttons: [{ type: 'OTP', otpType: 'ZERO_TAP' }] },
        { type: 'CAROUSEL', cards: [{ components: [{ type: 'BODY', text: '{{1}}' }] }] },
      ],
    });
    await sync([template]);

    expect(await list()).toEqual([{ ...template, version: 1 }]);
  });

  it('writes nothing when nothing changed', async () => {
    await sync([aTemplate(), aTemplate({ language: 'de' })]);
    table.wire.reset();

    expect(await sync([aTemplate(), aTemplate({ language: 'de' })], secondsAfterNoon(60))).toEqual({
      listed: 2,
      changed: 0,
      removed: 0,
    });
    expect(table.wire.commands).toEqual(['Query']);
  });

  it('writes the changed one alone, one version further', async () => {
    await sync([aTemplate(), aTemplate({ language: 'de' })]);
    table.wire.reset();

    expect(
      await sync([aTemplate({ status: 'PAUSED' }), aTemplate({ language: 'de' })], secondsAfterNoon(60)),
    ).toMatchObject({
      changed: 1,
    });
    expect(table.wire.commands).toEqual(['Query', 'PutItem']);
    expect(await list()).toMatchObject([
      { language: 'de', version: 1 },
      { language: 'en_US', status: 'PAUSED', version: 2 },
    ]);
  });

  it('takes out what is no longer listed', async () => {
    await sync([aTemplate(), aTemplate({ language: 'de' })]);

    expect(await sync([aTemplate()], secondsAfterNoon(60))).toEqual({ listed: 1, changed: 0, removed: 1 });
    expect(await list()).toMatchObject([{ language: 'en_US' }]);
  });

  it('keeps what a webhook told of after the provider was asked', async () => {
    await sync([aTemplate()]);
    await hear({ status: 'PAUSED' }, 90);

    await sync([aTemplate()], secondsAfterNoon(60));
    expect(await list()).toMatchObject([{ status: 'PAUSED' }]);

    expect(await sync([], secondsAfterNoon(60))).toMatchObject({ removed: 0 });
    expect(await sync([], secondsAfterNoon(120))).toMatchObject({ removed: 1 });
  });

  it('counts a template that is listed twice once', async () => {
    expect(await sync([aTemplate(), aTemplate({ status: 'PAUSED' })])).toMatchObject({ listed: 1, changed: 1 });
  });

  it('registers more templates than a page of the table holds', async () => {
    const text = 'x'.repeat(9_000);
    const many = Array.from({ length: 150 }, (_, index) =>
      aTemplate({ name: `news_${index}`, components: [{ type: 'BODY', text }] }),
    );
    await sync(many);
    table.wire.reset();

    expect(await sync(many, secondsAfterNoon(60))).toEqual({ listed: 150, changed: 0, removed: 0 });
    expect(table.wire.commands.length).toBeGreaterThan(1);
    expect(new Set(table.wire.commands)).toEqual(new Set(['Query']));
  });

  it.each(['before', 'after'] as const)('is completed by the next one when it broke %s a write', async (when) => {
    table.wire.failAt(2, when);
    await expect(sync([aTemplate(), aTemplate({ language: 'de' })])).rejects.toThrow('connection lost');

    await sync([aTemplate(), aTemplate({ language: 'de' })], secondsAfterNoon(60));

    expect((await list()).map(({ language, version }) => [language, version])).toEqual([
      ['de', 1],
      ['en_US', 1],
    ]);
  });
});

describe('a webhook', () => {
  it('changes a registered template', async () => {
    await sync([aTemplate()]);

    expect(await hear({ status: 'PAUSED' }, 60)).toBe('changed');
    expect(await hear({ status: 'PAUSED' }, 60)).toBe('unchanged');
    expect(await hear({ status: 'APPROVED' }, 30)).toBe('unchanged');
    expect(await list()).toMatchObject([{ status: 'PAUSED', version: 2 }]);
  });

  it('does not register a template that it tells only a part of', async () => {
    expect(await hear({ status: 'APPROVED' }, 60)).toBe('unknown');
    expect(await list()).toEqual([]);
  });

  it('loses nothing to others that write the same template at the same time', async () => {
    await sync([aTemplate()]);
    const changes = [{ status: 'PAUSED' }, { category: 'MARKETING' }, { quality: 'RED' }];

    await Promise.all(changes.map((change) => hear(change, 60)));

    expect(await list()).toMatchObject([{ status: 'PAUSED', category: 'MARKETING', quality: 'RED', version: 4 }]);
  });

  it('keeps a deleted template, as deleted, until it is no longer listed', async () => {
    await sync([aTemplate()]);
    await hear({ status: 'DELETED' }, 60);

    await sync([aTemplate()], secondsAfterNoon(30));
    expect(await list()).toMatchObject([{ status: 'DELETED' }]);

    await sync([], secondsAfterNoon(90));
    expect(await list()).toEqual([]);
  });
});

describe('the registry', () => {
  it('is read in pages', async () => {
    await sync(['a', 'b', 'c'].map((name) => aTemplate({ name })));

    const first = await table.store.listTemplates({ account: ACCOUNT, limit: 2 });
    const second = await table.store.listTemplates({ account: ACCOUNT, limit: 2, after: first.next });

    expect(first.templates.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(second).toMatchObject({ templates: [{ name: 'c' }], next: undefined });
  });

  it('keeps components of any text', async () => {
    const components = [
      { type: 'BODY', text: 'Grüße 🙏 {{1}}\n"quoted"' },
      { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'x', url: 'https://s.example/{{1}}' }] },
    ];
    await sync([aTemplate({ components, quality: 'GREEN' })]);

    expect(await list()).toEqual([{ ...aTemplate({ components, quality: 'GREEN' }), version: 1 }]);
  });

  it('has a key for each language a content may go out in, each once', () => {
    const both = aTemplateContent({ language: 'en-US', fallbackLanguage: 'de' });
    const same = aTemplateContent({ language: 'en-US', fallbackLanguage: 'en_US' });

    expect(templateKeys(ACCOUNT, both)).toEqual([
      { pk: 'TEMPLATES#shop-meta', sk: 'parcel_news#en_US' },
      { pk: 'TEMPLATES#shop-meta', sk: 'parcel_news#de' },
    ]);
    expect(templateKeys(ACCOUNT, same)).toHaveLength(1);
  });

  it('shows an item that was read together with others', async () => {
    await sync([aTemplate()]);

    expect(parseTemplateRow(await table.read(templateKey(ACCOUNT, 'parcel_news', 'en_US')))).toEqual({
      ...aTemplate(),
      version: 1,
    });
  });
});

describe('a registry with times that have not come, because the clock was moved back', () => {
  it('takes what is told and what is listed now', async () => {
    await sync([aTemplate()], secondsAfterNoon(4 * 86_400));

    expect(await hear({ status: 'PAUSED' }, 20)).toBe('changed');
    await sync([aTemplate()], secondsAfterNoon(5 * 86_400));
    expect(await sync([aTemplate({ status: 'REJECTED' })], secondsAfterNoon(60))).toMatchObject({ changed: 1 });
  });
});
