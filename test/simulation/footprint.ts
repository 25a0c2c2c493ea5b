import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';
import type { Request } from './dynamo/memory-client.ts';
import type { MemoryTable } from './dynamo/memory-table.ts';
import { keyOf } from './dynamo/requests.ts';

/** What a step reads and writes: items `pk|sk`, whole partitions `pk|*`, and what is not in the table by its name. */
export interface Footprint {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

type Input = Readonly<Record<string, unknown>>;

const placeOf = (input: Input): string => {
  const { pk, sk } = keyOf(input['Item'] === undefined ? input : { Key: keysIn(input['Item'] as Input) });
  return `${pk}|${sk}`;
};

const keysIn = ({ pk, sk }: Input): Input => ({ pk, sk });

const DUE = SESSIONS_TABLE.byDueAt.partitionKey;
const SHARD = /^(?:session|send)#/;

const valuesIn = (input: Input): readonly unknown[] => [
  ...Object.values((input['ExpressionAttributeValues'] ?? {}) as Input),
  (input['Item'] as Input | undefined)?.[DUE],
];

/** The partitions of the index in which the item of a write is, and will be. */
const shardsOf = (table: MemoryTable, place: string, input: Input): readonly string[] => {
  const [pk = '', sk = ''] = place.split('|');
  const shards = [table.read({ pk, sk })?.[DUE]?.S, ...valuesIn(input)];
  return shards.flatMap((shard) => (typeof shard === 'string' && SHARD.test(shard) ? [`index|${shard}`] : []));
};

const writeOf = (table: MemoryTable, input: Input): Footprint => {
  const place = placeOf(input);
  return { reads: [], writes: [place, ...shardsOf(table, place, input)] };
};

const join = (parts: readonly Footprint[]): Footprint => ({
  reads: parts.flatMap(({ reads }) => reads),
  writes: parts.flatMap(({ writes }) => writes),
});

const operationOf = (table: MemoryTable, operation: Readonly<Record<string, Input | undefined>>): Footprint => {
  const { ConditionCheck: check } = operation;
  if (check !== undefined) return { reads: [placeOf(check)], writes: [] };
  return join(Object.values(operation).flatMap((input) => (input === undefined ? [] : [writeOf(table, input)])));
};

const queryOf = ({ ExpressionAttributeValues: values, IndexName: index }: Input): Footprint => {
  const [partition] = Object.values(values as Readonly<Record<string, string>>);
  if (index === undefined) return { reads: [`${partition}|*`], writes: [] };
  return { reads: [`index|${partition}`], writes: [] };
};

/** What a request to the table reads and writes, as the table is now. */
export const footprintOf = (table: MemoryTable, { name, input }: Request): Footprint => {
  if (name === 'Query') return queryOf(input);
  if (name === 'GetItem') return { reads: [placeOf(input)], writes: [] };
  if (name === 'TransactWriteItems')
    return join((input['TransactItems'] as never[]).map((operation) => operationOf(table, operation)));
  if (name !== 'BatchGetItem') return writeOf(table, input);
  const [{ Keys: keys } = { Keys: [] }] = Object.values(input['RequestItems'] as Record<string, { Keys: Input[] }>);
  return { reads: keys.map((Key) => placeOf({ Key })), writes: [] };
};

const meets = (one: string, other: string): boolean =>
  one === other ||
  (one.endsWith('|*') && other.startsWith(one.slice(0, -1))) ||
  (other.endsWith('|*') && one.startsWith(other.slice(0, -1)));

const meetAny = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((one) => others.some((other) => meets(one, other)));

/** Whether the order of two steps may matter: one writes what the other reads or writes. */
export const areDependent = (one: Footprint, other: Footprint): boolean =>
  meetAny(one.writes, [...other.writes, ...other.reads]) || meetAny(one.reads, other.writes);
