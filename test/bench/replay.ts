import { AsyncLocalStorage } from 'node:async_hooks';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { type Act, CONCURRENCY } from './measure.ts';
import { transactionUnits } from './transaction-units.ts';

/** One request to the table, as the handler made it. */
export interface Recorded {
  readonly name: string;
  readonly input: object;
}

/** Records the requests of a client by the operation that made them. */
export const recordRequests = (dynamo: DynamoDBClient) => {
  const operation = new AsyncLocalStorage<Recorded[]>();
  dynamo.middlewareStack.add(
    (next, context) => (args) => {
      operation.getStore()?.push({ name: String(context['commandName']), input: args.input });
      return next(args);
    },
    { step: 'initialize', name: 'record' },
  );
  return {
    /** The operations, and the requests of each one that has run. */
    record: (acts: readonly Act[]): { readonly acts: readonly Act[]; readonly requests: readonly Recorded[][] } => {
      const requests: Recorded[][] = acts.map(() => []);
      return { acts: acts.map((act, index) => () => operation.run(requests[index] ?? [], act)), requests };
    },
  };
};

/* biome-ignore format: one command a line */
const toCommand = ({ name, input }: Recorded) => {
  const of = { ...input } as never;
  switch (name) {
    case 'BatchGetItemCommand': return new BatchGetCommand(of);
    case 'DeleteItemCommand': return new DeleteCommand(of);
    case 'GetItemCommand': return new GetCommand(of);
    case 'PutItemCommand': return new PutCommand(of);
    case 'QueryCommand': return new QueryCommand(of);
    case 'TransactWriteItemsCommand': return new TransactWriteCommand(of);
    case 'UpdateItemCommand': return new UpdateCommand(of);
    default: throw new Error(`the bench replays no ${name}`);
  }
};

const isExpected = (fault: unknown): boolean =>
  fault instanceof ConditionalCheckFailedException || fault instanceof TransactionCanceledException;

/** Sends one recorded request; a condition that does not hold is an answer like another. */
const send = async (documents: DynamoDBDocumentClient, recorded: Recorded): Promise<object> => {
  try {
    return await documents.send(toCommand(recorded) as PutCommand);
  } catch (fault) {
    if (isExpected(fault)) return {};
    throw fault;
  }
};

/** The first partition that a request names. */
const partitionOf = ({ input }: Recorded): string => /"pk":"((?:[^"\\]|\\.)*)"/.exec(JSON.stringify(input))?.[1] ?? '';

const oneByOne = async (documents: DynamoDBDocumentClient, requests: readonly Recorded[]): Promise<void> => {
  for (const recorded of requests) await send(documents, recorded);
};

/** The same requests and nothing else: those of each partition one after another, the partitions as a webhook's customers. */
export const replayed =
  (documents: DynamoDBDocumentClient, requests: readonly Recorded[]): Act =>
  () =>
    pMap(Map.groupBy(requests, partitionOf).values(), (ofOne) => oneByOne(documents, ofOne), {
      concurrency: CONCURRENCY,
    });

interface Capacity {
  readonly CapacityUnits?: number;
}

interface Consumed extends Capacity {
  readonly Table?: Capacity;
}

/** What the requests of one name cost an operation. */
export interface RequestUnits {
  readonly count: number;
  readonly units: number;
}

/** What an operation costs: requests by name, and the units that DynamoDB Local reports. */
export interface Units {
  readonly requests: Readonly<Record<string, RequestUnits>>;
  readonly read: number;
  readonly write: number;
  /** Of the written units, those of the index. */
  readonly index: number;
}

const READS = new Set(['BatchGetItemCommand', 'GetItemCommand', 'QueryCommand']);

const TRANSACTION = 'TransactWriteItemsCommand';

/** A condition that does not hold consumes one write unit for each KB of the stored item, and is answered without it. */
const FAILED_WRITE = [{ CapacityUnits: 1, Table: { CapacityUnits: 1 } }];

/** DynamoDB's minimum for a read; DynamoDB Local reports nothing for an empty result. */
const MIN_READ = 0.5;

interface Counted {
  readonly name: string;
  readonly units: number;
  readonly index: number;
}

const countRequest = async (documents: DynamoDBDocumentClient, { name, input }: Recorded): Promise<Counted> => {
  const answer = await send(documents, { name, input: { ...input, ReturnConsumedCapacity: 'INDEXES' } });
  const { ConsumedCapacity = FAILED_WRITE } = answer as { ConsumedCapacity?: Consumed | readonly Consumed[] };
  if (name === TRANSACTION) return { name, ...transactionUnits(input) };
  const least = READS.has(name) ? MIN_READ : 0;
  const consumed = [ConsumedCapacity].flat().map(({ CapacityUnits = 0, Table }) => ({
    units: Math.max(least, CapacityUnits),
    index: CapacityUnits - (Table?.CapacityUnits ?? CapacityUnits),
  }));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { name, units: sum(consumed.map(({ units }) => units)), index: sum(consumed.map(({ index }) => index)) };
};

/** Sends the requests of several operations and counts what one of them consumes. */
export const countUnits = async (
  documents: DynamoDBDocumentClient,
  operations: readonly (readonly Recorded[])[],
): Promise<Units> => {
  const counted: Counted[] = [];
  for (const recorded of operations.flat()) counted.push(await countRequest(documents, recorded));
  const each = (of: readonly Counted[], value: (one: Counted) => number) =>
    of.reduce((total, one) => total + value(one), 0) / operations.length;
  const [reads = [], writes = []] = [true, false].map((isRead) =>
    counted.filter(({ name }) => READS.has(name) === isRead),
  );
  return {
    requests: Object.fromEntries(
      [...Map.groupBy(counted, ({ name }) => name.replace(/(?:Item|Items)?Command$/, ''))].map(([name, of]) => [
        name,
        { count: each(of, () => 1), units: each(of, ({ units }) => units) },
      ]),
    ),
    read: each(reads, ({ units }) => units),
    write: each(writes, ({ units }) => units),
    index: each(writes, ({ index }) => index),
  };
};
