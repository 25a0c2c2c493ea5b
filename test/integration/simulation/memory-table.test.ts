import { env } from 'node:process';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readImage, type StreamRecord } from '../../../functions/shared/store/changes.ts';
import { toDocumentClient } from '../../../functions/shared/store/dynamo/client.ts';
import { createStreamReader } from '../../../infra/operate/stream-reader.ts';
import { LOCAL_ENGINE } from '../../../infra/shared/local-engine.ts';
import { type ArbitraryRequest, arbitraryRequest } from '../../simulation/dynamo/arbitrary-requests.ts';
import { createMemoryClient } from '../../simulation/dynamo/memory-client.ts';
import { createMemoryTable } from '../../simulation/dynamo/memory-table.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aTable, type TestTable } from '../../support/table.ts';

/** The same streams in each run of the tests; others by hand: `TABLE_SEED=7 TABLE_RUNS=2000 npm run test:one` of this file. */
const seed = Number(env['TABLE_SEED'] ?? 1);
const numRuns = Number(env['TABLE_RUNS'] ?? 40);

let table: TestTable;
beforeAll(async () => {
  table = await aTable(dynamoDbEndpoint());
});

/** The members of a set and the attributes of an item have no order. */
const comparable = (value: unknown): unknown => {
  if (value instanceof Set) return { set: byText([...value]) };
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const attributes = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(attributes.map(([name, inner]) => [name, comparable(inner)]));
};

const byText = (items: readonly unknown[]): readonly unknown[] =>
  items
    .map((item) => comparable(item))
    .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

/** The items of a batch have no order, and the entries of one customer in the index have none among themselves. */
const answerOf = ({ Responses, UnprocessedKeys, Items, ...answer }: Record<string, unknown>, input: object) => {
  const { $metadata: _, ConsumedCapacity: __, ItemCollectionMetrics: ___, ...rest } = answer;
  const items = Object.values((Responses ?? {}) as Record<string, unknown[]>).map(byText);
  const found = Array.isArray(Items) && 'IndexName' in input ? byText(Items) : Items;
  return comparable({ ...rest, found, items, UnprocessedKeys });
};

const shown = (item: Parameters<typeof unmarshall>[0] | undefined) =>
  item === undefined ? undefined : unmarshall(item);

/** An update of a transaction that the item does not allow: DynamoDB Local refuses the request where there is no item yet. */
const isInvalid = (fault: TransactionCanceledException): boolean =>
  (fault.CancellationReasons ?? []).some(({ Code }) => Code === 'ValidationError');

const faultOf = (fault: unknown) => {
  if (fault instanceof ConditionalCheckFailedException)
    return comparable({ fault: fault.name, item: shown(fault.Item) });
  if (fault instanceof TransactionCanceledException && isInvalid(fault)) return { fault: 'ValidationException' };
  if (fault instanceof TransactionCanceledException)
    return comparable({
      fault: fault.name,
      reasons: fault.CancellationReasons?.map(({ Code, Item }) => ({ Code, item: shown(Item) })),
    });
  return { fault: fault instanceof Error ? fault.name : typeof fault };
};

const ask = (request: ArbitraryRequest, documents: DynamoDBDocumentClient, prefix: string) => {
  const command = request(table.tableName, prefix);
  return documents.send(command as never).then((answer: object) => answerOf({ ...answer }, command.input), faultOf);
};

/** Every record of the table's stream, from its beginning. */
const readStream = async () => {
  const client = new DynamoDBStreamsClient({ ...LOCAL_ENGINE, endpoint: dynamoDbEndpoint() });
  onTestFinished(() => client.destroy());
  const reader = createStreamReader(client);
  const arn = (await reader.streamOf(table.tableName)) ?? '';
  const all: StreamRecord[] = [];
  for (const { id } of await reader.shardsOf(arn)) {
    let iterator = await reader.iteratorOf(arn, id, 'TRIM_HORIZON');
    for (let isEmpty = false; iterator !== undefined && !isEmpty; ) {
      const { records, next } = await reader.read(iterator);
      all.push(...records);
      isEmpty = records.length === 0;
      iterator = next;
    }
  }
  return all;
};

describe('the table in memory', () => {
  it('answers every request as DynamoDB Local does, and has the same items and the same stream', async () => {
    const expected = new Map<string, unknown[]>();
    const found = new Map<string, unknown[]>();
    const add = (changes: Map<string, unknown[]>, place: string, change: object) =>
      changes.set(place, [...(changes.get(place) ?? []), comparable(change)]);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRequest, { minLength: 10, maxLength: 40 }), async (requests) => {
        run += 1;
        const prefix = `run${run}-`;
        const memory = createMemoryTable();
        const documents = toDocumentClient(createMemoryClient(memory));
        for (const [index, request] of requests.entries()) {
          const [real, simulated] = [await ask(request, table.own, prefix), await ask(request, documents, prefix)];
          expect([index, simulated]).toEqual([index, real]);
        }
        for (const { key, before, after } of memory.takeChanges())
          add(expected, `${key.pk} ${key.sk}`, { before: shown(before), after: shown(after) });
      }),
      { numRuns, seed },
    );

    for (const { dynamodb } of await readStream()) {
      const { pk, sk } = readImage(dynamodb?.Keys) as { pk: string; sk: string };
      add(found, `${pk} ${sk}`, { before: readImage(dynamodb?.OldImage), after: readImage(dynamodb?.NewImage) });
    }
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });
});
