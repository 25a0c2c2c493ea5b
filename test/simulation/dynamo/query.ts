import { SESSIONS_TABLE } from '../../../functions/shared/store/table.ts';
import { checkCondition, evaluate, type Names } from './evaluate.ts';
import { invalid } from './faults.ts';
import { type MemoryTable, placeInIndex } from './memory-table.ts';
import { type Condition, parseCondition } from './parse-expression.ts';
import { fromItem, type Input, namesOf, parsed, toItem } from './requests.ts';
import { compareText, type Item, sizeOfItem } from './values.ts';

const { byDueAt: BY_DUE_AT } = SESSIONS_TABLE;

const PAGE_BYTES = 1024 * 1024;

/** The value of the partition key, which a query compares by `=`. */
const partitionIn = (condition: Condition, name: string, given: Names): string | undefined => {
  if (condition.kind === 'and')
    return partitionIn(condition.left, name, given) ?? partitionIn(condition.right, name, given);
  if (condition.kind !== 'compare' || condition.operator !== '=') return undefined;
  const { left, right } = condition;
  if (left.kind !== 'path' || right.kind !== 'value') return undefined;
  const [part = ''] = left.path;
  return (given.names[part] ?? part) === name ? given.values[right.name]?.S : undefined;
};

/** Of items of one partition the sort key decides; of entries of the index their second, then the key of the item. */
const orderOf = (item: Item, isIndex: boolean): string => (isIndex ? placeInIndex(item).sk : (item['sk']?.S ?? ''));

/** The items of a page: up to a limit of items and of bytes. */
const pageOf = (items: readonly Item[], limit: number): { readonly page: readonly Item[]; readonly isCut: boolean } => {
  let bytes = 0;
  const page: Item[] = [];
  for (const item of items) {
    page.push(item);
    bytes += sizeOfItem(item);
    // A page of as many items as were asked for has a next one, which may be empty.
    if (page.length === limit) return { page, isCut: true };
    if (bytes > PAGE_BYTES) return { page, isCut: page.length < items.length };
  }
  return { page, isCut: false };
};

const startAfter = (
  items: readonly Item[],
  input: Input,
  { isIndex, forward }: { isIndex: boolean; forward: boolean },
) => {
  const start = input['ExclusiveStartKey'] as Input | undefined;
  if (start === undefined) return items;
  const place = orderOf(toItem(start), isIndex);
  return items.filter((item) => compareText(orderOf(item, isIndex), place) * (forward ? 1 : -1) > 0);
};

const keyIn = (item: Item, isIndex: boolean): Item => {
  const names = ['pk', 'sk', ...(isIndex ? [BY_DUE_AT.partitionKey, BY_DUE_AT.sortKey] : [])];
  return Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
};

/** Reads a page of one partition, of the table or of the index. */
export const query = (table: MemoryTable, input: Input): object => {
  const given = namesOf(input);
  const condition = parsed(parseCondition, input['KeyConditionExpression']);
  const isIndex = input['IndexName'] === BY_DUE_AT.indexName;
  if (isIndex && input['ConsistentRead'] === true) throw invalid('an index is read eventually consistent');
  checkCondition(condition, given);
  const partition = partitionIn(condition, isIndex ? BY_DUE_AT.partitionKey : 'pk', given);
  if (partition === undefined) throw invalid('a query names its partition');
  const forward = input['ScanIndexForward'] !== false;
  const ordered = isIndex ? table.indexPartition(partition) : table.partition(partition);
  const matching = ordered.filter((item) => evaluate(condition, item, given));
  const rest = startAfter(forward ? matching : matching.toReversed(), input, { isIndex, forward });
  const { page, isCut } = pageOf(rest, Number(input['Limit'] ?? Number.POSITIVE_INFINITY));
  const filter = input['FilterExpression'];
  const found =
    filter === undefined ? page : page.filter((item) => evaluate(parsed(parseCondition, filter), item, given));
  const last = page.at(-1);
  return {
    Count: found.length,
    ScannedCount: page.length,
    ...(input['Select'] === 'COUNT' ? {} : { Items: found.map(fromItem) }),
    ...(isCut && last !== undefined ? { LastEvaluatedKey: fromItem(keyIn(last, isIndex)) } : {}),
  };
};
