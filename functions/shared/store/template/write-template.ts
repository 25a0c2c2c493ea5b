import { DeleteCommand, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { TemplateEntry } from '../../domain/template-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { type ConditionalWrite, RETURN_OLD_ITEM, writeConditionally } from '../dynamo/conditional-write.ts';
import { TemplateItem } from '../items.ts';
import { type ItemKey, templateKey, templatesPartition } from '../keys.ts';

export type Known = TemplateEntry | undefined;

/** Each lost round means that somebody else wrote the same entry. */
const MAX_ROUNDS = 8;

export const parseEntry = (item: unknown): TemplateEntry => TemplateItem.parse(item);

/** Holds while the entry is as it was seen: every write of it changes one of the two. */
const unchangedSince = (seen: Known) =>
  seen === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'version = :version AND changedAt = :changedAt',
        ExpressionAttributeValues: { ':version': seen.version, ':changedAt': seen.changedAt },
      };

export interface Settlement {
  readonly key: ItemKey;
  readonly seen: Known;
  /** What should stand in the place of what stands there; the same when nothing is to be written. */
  readonly decide: (seen: Known) => Known;
}

const write = (
  { documents, tableName: TableName }: Table,
  { key, seen }: Settlement,
  next: Known,
): Promise<ConditionalWrite<unknown>> => {
  const where = { TableName, ...unchangedSince(seen), ...RETURN_OLD_ITEM };
  return writeConditionally<unknown>(() =>
    next === undefined
      ? documents.send(new DeleteCommand({ ...where, Key: key }))
      : documents.send(
          new PutCommand({ ...where, Item: { ...key, ...next, components: JSON.stringify(next.components) } }),
        ),
  );
};

/** Decides on what stands there and writes it, again when somebody else was faster; tells what stood before and after. */
export const settle = async (
  table: Table,
  settlement: Settlement,
): Promise<{ readonly before: Known; readonly after: Known }> => {
  let { seen } = settlement;
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) {
    const next = settlement.decide(seen);
    if (next === seen) return { before: seen, after: seen };
    const written = await write(table, { ...settlement, seen }, next);
    if (written.ok) return { before: seen, after: next };
    seen = written.item === undefined ? undefined : parseEntry(written.item);
  }
  throw new Error(`the template was written by others in each of ${MAX_ROUNDS} rounds`);
};

export const readEntry = async ({ documents, tableName }: Table, key: ItemKey): Promise<Known> => {
  const { Item } = await documents.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
  return Item === undefined ? undefined : parseEntry(Item);
};

/** Every entry of an account by its sort key, strongly consistent: what a sync compares with must not be older than it. */
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
