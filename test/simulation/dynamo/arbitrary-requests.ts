import { inspect } from 'node:util';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { SESSIONS_TABLE } from '../../../functions/shared/store/table.ts';

const CONDITIONS = [
  'attribute_exists(pk)',
  'attribute_not_exists(pk)',
  'attribute_not_exists(movedTo) AND (attribute_not_exists(a) OR a < :n)',
  'a > :n',
  'a >= :n AND #s <> :s',
  '#s <> :s',
  'NOT #s = :s',
  'contains(tags, :s)',
  'contains(#s, :s)',
  'tags = :set',
  'm.x = :n',
  'm = :map OR l = :list',
  'begins_with(#s, :s)',
  'a IN (:n, :k)',
  'a BETWEEN :n AND :k',
  'size(tags) > :n',
  'NOT (a = :n) AND attribute_exists(m.y)',
  'a < :s',
  'a = m.x',
  'attribute_exists(a) OR attribute_exists(l) AND attribute_exists(tags)',
] as const;

const UPDATES = [
  'SET a = :n',
  'SET a = if_not_exists(a, :n)',
  'SET a = if_not_exists(a, if_not_exists(m.x, :n)), #s = :s',
  'SET l = list_append(l, :list)',
  'SET l = list_append(if_not_exists(l, :list), :list)',
  'SET m = :map ADD tags :set',
  'SET a = a + :n',
  'SET a = :n - :k',
  'SET b = a',
  'SET #s = :s REMOVE dueShard, dueAt',
  'SET dueShard = :due, dueAt = :n, a = :n',
  'SET dueAt = :k',
  'SET dueShard = :n',
  'SET dueAt = :s',
  'REMOVE dueShard',
  'REMOVE a, tags',
  'ADD a :n',
  'ADD tags :set',
  'ADD a :set',
  'DELETE tags :set',
  'DELETE tags :set SET #s = :s',
  'SET a = :n, a = :k',
  'ADD a :n SET b = a',
] as const;

const number = fc.integer({ min: 0, max: 3 });
const word = fc.constantFrom('x', 'y', 'xy');
const words = fc.uniqueArray(word, { minLength: 1 }).map((list) => new Set(list));
/** The SDK's client of the stream loses empty maps and lists. */
const map = fc.record({ x: number, y: word }, { requiredKeys: ['y'] });
const list = fc.array(number, { minLength: 1, maxLength: 2 });
const due = fc.constantFrom<string>('due#1', 'due#2');

const values = fc.record({ n: number, k: number, s: word, set: words, map, list, due });
type Values = typeof values extends fc.Arbitrary<infer T> ? T : never;

const key = fc.record({ pk: fc.constantFrom('p1', 'p2'), sk: fc.constantFrom('A', 'B#1', 'B#2') });
const item = fc.record(
  {
    a: number,
    s: word,
    tags: words,
    m: map,
    l: list,
    dueShard: due,
    dueAt: number,
    big: fc.constantFrom('z'.repeat(300_000)),
  },
  { requiredKeys: [] },
);
const condition = fc.option(fc.constantFrom(...CONDITIONS), { nil: undefined, freq: 2 });
const isTrue = fc.boolean();

/** Names and values that the expressions use. */
const given = (given: Values, ...expressions: readonly (string | undefined)[]) => {
  const text = expressions.join(' ');
  const used = Object.entries(given).filter(([name]) => new RegExp(`:${name}\\b`).test(text));
  return {
    ...(text.includes('#s') ? { ExpressionAttributeNames: { '#s': 's' } } : {}),
    ...(used.length === 0
      ? {}
      : { ExpressionAttributeValues: Object.fromEntries(used.map(([name, value]) => [`:${name}`, value])) }),
  };
};

const write = fc.record({
  kind: fc.constantFrom('Put', 'Update', 'Update', 'Delete', 'ConditionCheck'),
  key,
  item,
  condition,
  update: fc.constantFrom(...UPDATES),
  values,
  showsItem: isTrue,
  returns: fc.constantFrom(undefined, 'ALL_OLD' as const, 'ALL_NEW' as const),
});
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;

/** The input of a write; the keys of a run begin with its prefix. */
const inputOf = (one: Write, TableName: string, prefix: string) => {
  const { key: at, kind } = one;
  const Key = { pk: `${prefix}${at.pk}`, sk: at.sk };
  const UpdateExpression = kind === 'Update' ? one.update : undefined;
  const ConditionExpression = kind === 'ConditionCheck' ? (one.condition ?? 'attribute_exists(pk)') : one.condition;
  const { dueShard, ...rest } = one.item;
  const Item = { ...rest, ...Key, ...(dueShard === undefined ? {} : { dueShard: `${prefix}${dueShard}` }) };
  return {
    TableName,
    Item: kind === 'Put' ? Item : undefined,
    Key: kind === 'Put' ? undefined : Key,
    ...(UpdateExpression === undefined ? {} : { UpdateExpression }),
    ...(ConditionExpression === undefined ? {} : { ConditionExpression }),
    ...given({ ...one.values, due: `${prefix}${one.values.due}` }, UpdateExpression, ConditionExpression),
    ...(one.showsItem && ConditionExpression !== undefined
      ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }
      : {}),
  };
};

/** A request for a table of that name, on keys of that run alone. */
export type ArbitraryRequest = (tableName: string, prefix: string) => { readonly input: object };

/** The request with what a failure prints of it. */
const printed = (request: ArbitraryRequest): ArbitraryRequest =>
  Object.assign(request, {
    [fc.toStringMethod]: () => inspect(request('', '').input, { depth: 6, maxStringLength: 40 }),
  });

const toCommand = ({ kind, returns: ReturnValues }: Write, input: ReturnType<typeof inputOf>) => {
  const { Item = {}, Key = {}, ...rest } = input;
  const old = ReturnValues === 'ALL_OLD' ? { ReturnValues } : {};
  if (kind === 'Put') return new PutCommand({ ...rest, Item, ...old });
  if (kind === 'Delete') return new DeleteCommand({ ...rest, Key, ...old });
  if (kind === 'ConditionCheck') return new GetCommand({ TableName: rest.TableName, Key, ConsistentRead: true });
  return new UpdateCommand({ ...rest, Key, ...(ReturnValues === undefined ? {} : { ReturnValues }) });
};

const single = write.map(
  (one): ArbitraryRequest =>
    (tableName, prefix) =>
      toCommand(one, inputOf(one, tableName, prefix)),
);

/** DynamoDB refuses two operations on one item, which DynamoDB Local does not always. */
const transaction = fc
  .uniqueArray(write, { minLength: 1, maxLength: 4, selector: ({ key: { pk, sk } }) => `${pk} ${sk}` })
  .map(
    (writes): ArbitraryRequest =>
      (tableName, prefix) =>
        new TransactWriteCommand({
          TransactItems: writes.map((one) => ({ [one.kind]: inputOf(one, tableName, prefix) })) as never,
        }),
  );

const batch = fc.array(key, { minLength: 1, maxLength: 4 }).map(
  (keys): ArbitraryRequest =>
    (tableName, prefix) =>
      new BatchGetCommand({
        RequestItems: {
          [tableName]: { Keys: keys.map(({ pk, sk }) => ({ pk: `${prefix}${pk}`, sk })), ConsistentRead: true },
        },
      }),
);

const RANGES = [
  '',
  ' AND sk BETWEEN :from AND :to',
  ' AND begins_with(sk, :from)',
  ' AND sk > :from',
  ' AND sk <= :to',
] as const;

const query = fc
  .record({
    pk: fc.constantFrom('p1', 'p2'),
    range: fc.constantFrom(...RANGES),
    from: fc.constantFrom('A!', 'B', 'B#'),
    to: fc.constantFrom('B#1!', 'C'),
    limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    after: fc.option(fc.constantFrom('A', 'B#1'), { nil: undefined, freq: 3 }),
    forward: isTrue,
    filter: fc.option(fc.constantFrom('a > :n', 'attribute_exists(tags)'), { nil: undefined, freq: 3 }),
    counts: isTrue,
  })
  .map(
    (one): ArbitraryRequest =>
      (tableName, prefix) => {
        const pk = `${prefix}${one.pk}`;
        const text = `${one.range} ${one.filter ?? ''}`;
        const all: Readonly<Record<string, unknown>> = { ':from': one.from, ':to': one.to, ':n': 1 };
        const used = Object.entries(all).filter(([name]) => text.includes(name));
        return new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: `pk = :pk${one.range}`,
          ExpressionAttributeValues: { ':pk': pk, ...Object.fromEntries(used) },
          ConsistentRead: true,
          ScanIndexForward: one.forward,
          ...(one.filter === undefined ? {} : { FilterExpression: one.filter }),
          ...(one.limit === undefined ? {} : { Limit: one.limit }),
          ...(one.after === undefined || one.range !== '' ? {} : { ExclusiveStartKey: { pk, sk: one.after } }),
          ...(one.counts ? { Select: 'COUNT' as const } : {}),
        });
      },
  );

const indexQuery = fc.record({ shard: due, from: number, to: number, counts: isTrue }).map(
  ({ shard, from, to, counts }): ArbitraryRequest =>
    (tableName, prefix) =>
      new QueryCommand({
        TableName: tableName,
        IndexName: SESSIONS_TABLE.byDueAt.indexName,
        KeyConditionExpression: 'dueShard = :shard AND dueAt BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':shard': `${prefix}${shard}`, ':from': from, ':to': to },
        ...(counts ? { Select: 'COUNT' as const } : {}),
      }),
);

/** Any request that the store makes, on six keys. */
export const arbitraryRequest: fc.Arbitrary<ArbitraryRequest> = fc
  .oneof(
    { weight: 6, arbitrary: single },
    { weight: 3, arbitrary: transaction },
    { weight: 1, arbitrary: batch },
    { weight: 2, arbitrary: query },
    { weight: 1, arbitrary: indexQuery },
  )
  .map(printed);
