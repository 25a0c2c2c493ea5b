import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { SESSIONS_TABLE } from '../../../functions/shared/store/table.ts';
import { applyUpdate, checkCondition, checkUpdate, evaluate, type Names } from './evaluate.ts';
import {
  conditionFailed,
  invalid,
  invalidForItem,
  isInvalidForItem,
  type Reason,
  transactionCancelled,
} from './faults.ts';
import type { Key, MemoryTable } from './memory-table.ts';
import { parseCondition, parseUpdate, SyntaxFault, tokensOf } from './parse-expression.ts';
import { type Item, sizeOfItem } from './values.ts';

/** The input of a request, as the document client gets it. */
export type Input = Readonly<Record<string, unknown>>;

const MAX_ITEM_BYTES = 400 * 1024;
const MAX_TRANSACTION = 100;
const MAX_KEYS = 100;

export const toItem = (value: unknown): Item =>
  marshall(value as Record<string, unknown>, { removeUndefinedValues: true });
export const fromItem = (item: Item): Record<string, unknown> => unmarshall({ ...item });

const EXPRESSIONS = ['ConditionExpression', 'UpdateExpression', 'KeyConditionExpression', 'FilterExpression'] as const;

/** Names and values must be exactly those that the expressions use. */
export const namesOf = (input: Input): Names => {
  const names = (input['ExpressionAttributeNames'] ?? {}) as Record<string, string>;
  const given = input['ExpressionAttributeValues'];
  const values = given === undefined ? {} : toItem(given);
  if (given !== undefined && Object.keys(values).length === 0)
    throw invalid('ExpressionAttributeValues must not be empty');
  const used = EXPRESSIONS.map((name) => parsed(tokensOf, input[name] ?? ''));
  for (const name of [...Object.keys(names), ...Object.keys(values)])
    if (!used.some((tokens) => tokens.includes(name))) throw invalid(`${name} is unused in the expressions`);
  return { names, values };
};

/** Reads an expression; one that cannot be read is DynamoDB's ValidationException. */
export const parsed = <T>(parse: (text: string) => T, text: unknown): T => {
  try {
    return parse(String(text));
  } catch (fault) {
    if (fault instanceof SyntaxFault) throw invalid(fault.message);
    throw fault;
  }
};

const holds = (input: Input, item: Item | undefined, given: Names): boolean => {
  if (input['ConditionExpression'] === undefined) return true;
  const condition = parsed(parseCondition, input['ConditionExpression']);
  checkCondition(condition, given);
  return evaluate(condition, item ?? {}, given);
};

const textKey = (item: Item): Key => {
  const [pk, sk] = [item['pk']?.S, item['sk']?.S];
  if (pk === undefined || sk === undefined || pk === '' || sk === '')
    throw invalid('the key of an item is two strings that are not empty');
  return { pk, sk };
};

export const keyOf = (input: Input): Key => {
  const item = toItem(input['Key'] ?? {});
  if (Object.keys(item).length !== 2) throw invalid('the key does not match the schema');
  return textKey(item);
};

/** Holds for what the table accepts. */
const checked = (item: Item): Item => {
  const { partitionKey, sortKey } = SESSIONS_TABLE.byDueAt;
  const [shard, dueAt] = [item[partitionKey], item[sortKey]];
  if (shard !== undefined && !shard.S) throw invalid('the partition key of an index is a string that is not empty');
  if (dueAt !== undefined && dueAt.N === undefined) throw invalid('the sort key of the index is a number');
  if (sizeOfItem(item) > MAX_ITEM_BYTES) throw invalid('the item is larger than 400 KB');
  return item;
};

const updated = (input: Input, { key, before, given }: { key: Key; before: Item | undefined; given: Names }): Item => {
  const update = parsed(parseUpdate, input['UpdateExpression']);
  const own = { pk: { S: key.pk }, sk: { S: key.sk } };
  const after = applyUpdate(update, before ?? own, given);
  if (after['pk']?.S !== key.pk || after['sk']?.S !== key.sk) throw invalidForItem('a key cannot be updated');
  try {
    return checked(after);
  } catch {
    throw invalidForItem('the updated item is larger than 400 KB, or has an index key that is no string');
  }
};

/** A write that is not made yet. */
export interface Planned {
  readonly key: Key;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly isChecked: boolean;
  /** Whether a failure is to show the stored item. */
  readonly showsItem: boolean;
}

type Kind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** What a write does to an item, if its condition holds. */
const plan = (table: MemoryTable, kind: Kind, input: Input): Planned => {
  const given = namesOf(input);
  const item = kind === 'Put' ? checked(toItem(input['Item'])) : undefined;
  const key = item === undefined ? keyOf(input) : textKey(item);
  const before = table.read(key);
  if (kind === 'Update') checkUpdate(parsed(parseUpdate, input['UpdateExpression']), given);
  const isChecked = holds(input, before, given);
  const afterOf = () => {
    if (kind === 'ConditionCheck') return before;
    return kind === 'Update' ? updated(input, { key, before, given }) : item;
  };
  return {
    key,
    before,
    after: isChecked ? afterOf() : before,
    isChecked,
    showsItem: input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD',
  };
};

const returned = (input: Input, { before, after }: Planned): object => {
  const asked = input['ReturnValues'] ?? 'NONE';
  if (asked === 'NONE') return {};
  if (asked !== 'ALL_OLD' && asked !== 'ALL_NEW')
    throw new Error(`the simulated table does not return ${JSON.stringify(asked)}`);
  const image = asked === 'ALL_OLD' ? before : after;
  return image === undefined ? {} : { Attributes: fromItem(image) };
};

const write = (table: MemoryTable, kind: Exclude<Kind, 'ConditionCheck'>, input: Input): object => {
  const planned = plan(table, kind, input);
  if (!planned.isChecked) throw conditionFailed(planned.showsItem ? planned.before : undefined);
  table.write(planned.key, planned.after);
  return returned(input, planned);
};

const planOperation = (table: MemoryTable, operation: Readonly<Record<string, Input | undefined>>) => {
  const [[kind, input] = ['', undefined]] = Object.entries(operation).filter(([, value]) => value !== undefined);
  if (input === undefined) throw invalid('an operation of a transaction does something');
  try {
    return plan(table, kind as Kind, input);
  } catch (fault) {
    if (isInvalidForItem(fault))
      return { key: keyOf(input), reason: { Code: 'ValidationError', Message: fault.message } as Reason };
    throw fault;
  }
};

const reasonOf = (one: Planned | { readonly reason: Reason }): Reason => {
  if ('reason' in one) return one.reason;
  if (one.isChecked) return { Code: 'None' };
  const item = one.showsItem && one.before !== undefined ? { Item: one.before } : {};
  return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...item };
};

const transact = (table: MemoryTable, input: Input): object => {
  const operations = input['TransactItems'] as readonly Readonly<Record<string, Input | undefined>>[];
  if (operations.length === 0 || operations.length > MAX_TRANSACTION)
    throw invalid('a transaction has 1 to 100 operations');
  const planned = operations.map((operation) => planOperation(table, operation));
  if (new Set(planned.map(({ key }) => `${key.pk}\u0000${key.sk}`)).size < planned.length)
    throw invalid('a transaction cannot include several operations on one item');
  const reasons = planned.map(reasonOf);
  if (reasons.some(({ Code }) => Code !== 'None')) throw transactionCancelled(reasons);
  for (const one of planned) if ('after' in one) table.write(one.key, one.after);
  return {};
};

const get = (table: MemoryTable, input: Input): object => {
  const item = table.read(keyOf(input));
  return item === undefined ? {} : { Item: fromItem(item) };
};

const batchGet = (table: MemoryTable, input: Input, isStale = false): object => {
  const [[name, { Keys: keys, ConsistentRead: consistent }] = ['', { Keys: [], ConsistentRead: true }]] =
    Object.entries(input['RequestItems'] as Record<string, { Keys: Input[]; ConsistentRead?: boolean }>);
  const wanted = keys.map((Key) => keyOf({ Key }));
  if (wanted.length === 0 || wanted.length > MAX_KEYS) throw invalid('a batch has 1 to 100 keys');
  if (new Set(wanted.map(({ pk, sk }) => `${pk}\u0000${sk}`)).size < wanted.length)
    throw invalid('the list of keys contains duplicates');
  const read = isStale && consistent !== true ? table.readStale : table.read;
  const found = wanted
    .map(read)
    .filter((item) => item !== undefined)
    .map(fromItem);
  return { Responses: { [name]: found }, UnprocessedKeys: {} };
};

/** The requests that write one item, several or none. */
export const SINGLE = {
  GetItem: get,
  PutItem: (table: MemoryTable, input: Input) => write(table, 'Put', input),
  UpdateItem: (table: MemoryTable, input: Input) => write(table, 'Update', input),
  DeleteItem: (table: MemoryTable, input: Input) => write(table, 'Delete', input),
  TransactWriteItems: transact,
  BatchGetItem: batchGet,
} as const;
