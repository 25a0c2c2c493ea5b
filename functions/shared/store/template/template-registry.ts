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
import { parseEntry, readEntries, readEntry, type StoredEntry, updateEntry } from './write-template.ts';

export interface TemplatesListed {
  readonly account: string;
  readonly templates: readonly Template[];
  /** When the list was requested. */
  readonly askedAt: Date;
}

export interface TemplateReport {
  readonly account: string;
  readonly name: string;
  readonly language: string;
  readonly change: TemplateChange;
  /** When it happened by the provider's clock; not after its arrival. */
  readonly atMs: number;
  readonly arrivedAtMs: number;
}

export type TemplateUpdated = 'changed' | 'unchanged' | 'unknown';

export interface TemplatesReplaced {
  readonly listed: number;
  /** Those that are new or differ now. */
  readonly changed: number;
  readonly removed: number;
}

export interface TemplateQuery {
  readonly account: string;
  readonly limit: number;
  /** Sort key of the last item of the previous page. */
  readonly after?: string | undefined;
}

export interface TemplatePage {
  readonly templates: readonly RegisteredTemplate[];
  readonly next: string | undefined;
}

/** Parallel writes: an account has up to 6,000 templates. */
const CONCURRENCY = 16;

/** Keys of the entries that a content may be sent as, best first, to be read together with the state of the send. */
export const templateKeys = (account: string, content: TemplateContent): readonly ItemKey[] =>
  [...new Set(languagesOf(content))].map((language) => templateKey(account, content.name, language));

/** Parses an entry's item without the registry's own attributes. */
export const parseTemplateRow = (item: unknown): RegisteredTemplate => {
  const { changedAt: _, ...template } = parseEntry(item);
  return template;
};

/** A webhook may arrive while a list is read, and clocks differ a little; a later date is wrong. */
const TOLERANCE_MS = 900_000;

const decideListed =
  (listed: Template | undefined, askedAtMs: number) =>
  (stored: StoredEntry): StoredEntry => {
    const entry = stored === undefined ? undefined : resetFutureTimes(stored, askedAtMs + TOLERANCE_MS);
    if (listed !== undefined) return applyListed(entry, listed, askedAtMs);
    return entry !== undefined && isChangedSince(entry, askedAtMs) ? stored : undefined;
  };

const replace = async (table: Table, { account, templates, askedAt }: TemplatesListed): Promise<TemplatesReplaced> => {
  const stored = await readEntries(table, account);
  const listed = new Map(
    templates.map((template) => [templateKey(account, template.name, template.language).sk, template]),
  );
  const updated = await pMap(
    new Set([...stored.keys(), ...listed.keys()]),
    (sk) =>
      updateEntry(table, {
        key: { pk: templatesPartition(account), sk },
        stored: stored.get(sk),
        decide: decideListed(listed.get(sk), askedAt.getTime()),
      }),
    { concurrency: CONCURRENCY },
  );
  return {
    listed: listed.size,
    changed: updated.filter(({ before, after }) => after !== undefined && after.version !== before?.version).length,
    removed: updated.filter(({ before, after }) => before !== undefined && after === undefined).length,
  };
};

const update = async (table: Table, report: TemplateReport): Promise<TemplateUpdated> => {
  const key = templateKey(report.account, report.name, report.language);
  const { before, after } = await updateEntry(table, {
    key,
    stored: await readEntry(table, key),
    decide: (stored) =>
      stored === undefined
        ? undefined
        : applyChange(resetFutureTimes(stored, report.arrivedAtMs + TOLERANCE_MS), report.change, report.atMs),
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

/** The registry of templates: the provider's list, updated by its webhooks; of each fact the newest report counts. */
export const createTemplateStore = (table: Table) => ({
  /**
   * Replaces the entries by those that the provider listed, and deletes those that are no longer listed. What a webhook
   * has reported since the list was requested stays; equal entries are not written.
   */
  replaceTemplates: (listed: TemplatesListed): Promise<TemplatesReplaced> => replace(table, listed),

  /** Updates a template by a webhook's report; one that is not registered yet is added by the next sync. */
  updateTemplate: (report: TemplateReport): Promise<TemplateUpdated> => update(table, report),

  /** Lists one page of an account's templates by name and language; eventually consistent, because nothing is decided on it. */
  listTemplates: (query: TemplateQuery): Promise<TemplatePage> => list(table, query),
});
