import { isDeepStrictEqual } from 'node:util';
import { DeleteCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { TemplateEntry } from '../../domain/template-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { type ConditionalWrite, writeConditionally } from '../dynamo/conditional-write.ts';
import { ITEM_ABSENT, RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { readItem } from '../dynamo/read-items.ts';
import { TemplateItem } from '../items.ts';
import { type ItemKey, templateKey, templatesPartition } from '../keys.ts';

/** An entry of the registry, or none. */
export type StoredEntry = TemplateEntry | undefined;

export const parseEntry = (item: unknown): TemplateEntry => TemplateItem.parse(item);

/** Holds while the entry is what was read: every write changes `version` or `changedAt`. */
const entryUnchanged = (entry: StoredEntry) =>
  entry === undefined
    ? ITEM_ABSENT
    : {
        ConditionExpression: 'version = :version AND changedAt = :changedAt',
        ExpressionAttributeValues: { ':version': entry.version, ':changedAt': entry.changedAt },
      };

export interface UpdateEntry {
  readonly key: ItemKey;
  readonly stored: StoredEntry;
  /** Returns the entry to store; the same one when nothing is to be written, `undefined` to delete it. */
  readonly decide: (stored: StoredEntry) => StoredEntry;
}

const write = (
  { documents, tableName: TableName }: Table,
  { key, stored }: UpdateEntry,
  next: StoredEntry,
): Promise<ConditionalWrite<unknown>> => {
  const where = { TableName, ...entryUnchanged(stored), ...RETURN_OLD_ITEM };
  return writeConditionally<unknown>(() =>
    next === undefined
      ? documents.send(new DeleteCommand({ ...where, Key: key }))
      : documents.send(
          new PutCommand({ ...where, Item: { ...key, ...next, components: JSON.stringify(next.components) } }),
        ),
  );
};

export interface EntryUpdated {
  readonly before: StoredEntry;
  readonly after: StoredEntry;
}

/** Writes what is decided on the stored entry, and decides again when another writer has changed it. */
export const updateEntry = (table: Table, update: UpdateEntry): Promise<EntryUpdated> => {
  let { stored } = update;
  return retryUnderContention<EntryUpdated>(CHANGED_ITEMS, async () => {
    const next = update.decide(stored);
    if (next === stored) return { before: stored, after: stored };
    const written = await write(table, { ...update, stored }, next);
    const found = written.ok || written.item === undefined ? undefined : parseEntry(written.item);
    if (written.ok || (written.wasRepeated && isDeepStrictEqual(found, next))) return { before: stored, after: next };
    stored = found;
    return new Contended('the template was changed by other writers');
  });
};

export const readEntry = async (table: Table, key: ItemKey): Promise<StoredEntry> => {
  const item = await readItem(table, key);
  return item === undefined ? undefined : parseEntry(item);
};

/** Reads every entry of an account by its sort key, strongly consistent: a sync must not compare with older entries. */
export const readEntries = async (
  { documents, tableName }: Table,
  account: string,
): Promise<Map<string, TemplateEntry>> => {
  const entries = new Map<string, TemplateEntry>();
  const query = {
    TableName: tableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': templatesPartition(account) },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client: documents }, query))
    for (const entry of Items.map(parseEntry)) entries.set(templateKey(account, entry.name, entry.language).sk, entry);
  return entries;
};
