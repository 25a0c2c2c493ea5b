import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { TemplateContent } from '../../domain/content.ts';
import { languagesOf, type RegisteredTemplate, type Template } from '../../domain/template.ts';
import {
  applyChange,
  applyListed,
  isChangedSince,
  resetFutureTimes,
  type TemplateChange,
} from '../../domain/template-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { type ItemKey, templateKey, templatesPartition } from '../keys.ts';
import { type Known, parseEntry, readEntries, readEntry, settle } from './write-template.ts';

export interface TemplatesListed {
  readonly account: string;
  readonly templates: readonly Template[];
  /** When the provider was asked. */
  readonly askedAt: Date;
}

export interface TemplateTold {
  readonly account: string;
  readonly name: string;
  readonly language: string;
  readonly change: TemplateChange;
  /** When it happened, by the provider; not after its arrival. */
  readonly atMs: number;
  readonly arrivedAtMs: number;
}

export type TemplateUpdated = 'changed' | 'unchanged' | 'unknown';

export interface TemplatesReplaced {
  readonly listed: number;
  /** Those that are new or say something else now. */
  readonly changed: number;
  readonly removed: number;
}

export interface TemplateQuery {
  readonly account: string;
  readonly limit: number;
  /** Sort key of the last item of the page before. */
  readonly after?: string | undefined;
}

export interface TemplatePage {
  readonly templates: readonly RegisteredTemplate[];
  readonly next: string | undefined;
}

/** Writes under way at once: an account holds up to 6,000 templates. */
const CONCURRENCY = 16;

/** Keys of the entries that a content may go out as, best first: to be read together with what else a send needs. */
export const templateKeys = (account: string, content: TemplateContent): readonly ItemKey[] =>
  [...new Set(languagesOf(content))].map((language) => templateKey(account, content.name, language));

/** Reads an entry's item as the registry shows it. */
export const parseTemplateRow = (item: unknown): RegisteredTemplate => {
  const { changedAt: _, ...template } = parseEntry(item);
  return template;
};

/** A webhook may come while a list is read, and clocks differ a little; what is dated later still is dated wrongly. */
const TOLERANCE_MS = 900_000;

const decideListed =
  (listed: Template | undefined, askedAtMs: number) =>
  (seen: Known): Known => {
    const known = seen === undefined ? undefined : resetFutureTimes(seen, askedAtMs + TOLERANCE_MS);
    if (listed !== undefined) return applyListed(known, listed, askedAtMs);
    return known !== undefined && isChangedSince(known, askedAtMs) ? seen : undefined;
  };

const replace = async (table: Table, { account, templates, askedAt }: TemplatesListed): Promise<TemplatesReplaced> => {
  const known = await readEntries(table, account);
  const listed = new Map(
    templates.map((template) => [templateKey(account, template.name, template.language).sk, template]),
  );
  const settled = await pMap(
    new Set([...known.keys(), ...listed.keys()]),
    (sk) =>
      settle(table, {
        key: { pk: templatesPartition(account), sk },
        seen: known.get(sk),
        decide: decideListed(listed.get(sk), askedAt.getTime()),
      }),
    { concurrency: CONCURRENCY },
  );
  return {
    listed: listed.size,
    changed: settled.filter(({ before, after }) => after !== undefined && after.version !== before?.version).length,
    removed: settled.filter(({ before, after }) => before !== undefined && after === undefined).length,
  };
};

const update = async (table: Table, told: TemplateTold): Promise<TemplateUpdated> => {
  const key = templateKey(told.account, told.name, told.language);
  const { before, after } = await settle(table, {
    key,
    seen: await readEntry(table, key),
    decide: (seen) =>
      seen === undefined
        ? undefined
        : applyChange(resetFutureTimes(seen, told.arrivedAtMs + TOLERANCE_MS), told.change, told.atMs),
  });
  if (after === undefined) return 'unknown';
  return after.version === before?.version ? 'unchanged' : 'changed';
};

const list = async (
  { documents, tableName }: Table,
  { account, limit, after }: TemplateQuery,
): Promise<TemplatePage> => {
  const pk = templatesPartition(account);
  const page = await documents.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: { pk, sk: after } }),
    }),
  );
  const next: unknown = page.LastEvaluatedKey?.['sk'];
  return {
    templates: (page.Items ?? []).map(parseTemplateRow),
    next: typeof next === 'string' ? next : undefined,
  };
};

/** The registry: what the provider listed, kept current by its webhooks, each fact as the newest word says. */
export const createTemplateStore = (table: Table) => ({
  /**
   * Makes the registry what the provider listed. What a webhook has told since the provider was asked stays, entries
   * that say the same already are not written, and those that are no longer listed go.
   */
  replaceTemplates: (listed: TemplatesListed): Promise<TemplatesReplaced> => replace(table, listed),

  /** Takes in what a webhook says of a template; one that is not registered yet comes whole with the next sync. */
  updateTemplate: (told: TemplateTold): Promise<TemplateUpdated> => update(table, told),

  /** One page of an account's templates, by name and language; eventually consistent, since it is for people to read. */
  listTemplates: (query: TemplateQuery): Promise<TemplatePage> => list(table, query),
});
