import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import type { ItemKey } from '../../functions/shared/store/keys.ts';
import { createSessionsTable } from '../../infra/local/dynamodb-local.ts';
import { localClient } from '../../infra/shared/local-engine.ts';
import { createMemoryClient } from '../simulation/dynamo/memory-client.ts';
import { createMemoryTable } from '../simulation/dynamo/memory-table.ts';
import type { Item } from '../simulation/dynamo/values.ts';
import { aStreamRecord } from './changes.ts';
import { createSessionsStore } from './sessions-store.ts';

/** The requests a store made, and a way to make one of them fail. */
export interface Wire {
  /** Names of the commands sent, in order. */
  readonly commands: string[];
  /** Makes the request with that number (0 = the next one) fail before it reaches DynamoDB, or after it took effect. */
  readonly failAt: (index: number, when: 'before' | 'after') => void;
  readonly reset: () => void;
}

const CONNECTION_LOST = 'connection lost';

/** Answers a request of a client: as the database does, when it calls `run`. */
type Pass = <Answer>(command: string, run: () => Promise<Answer>) => Promise<Answer>;

const createWire = (): Wire & { readonly pass: Pass } => {
  const commands: string[] = [];
  let failure: { index: number; when: 'before' | 'after' } | undefined;
  return {
    commands,
    failAt: (index, when) => {
      failure = { index: commands.length + index, when };
    },
    reset: () => {
      commands.length = 0;
      failure = undefined;
    },
    pass: async (command, run) => {
      const fails = failure?.index === commands.length ? failure.when : undefined;
      commands.push(command);
      if (fails === 'before') throw new Error(CONNECTION_LOST);
      if (fails === undefined) return run();
      await run().catch(() => undefined);
      throw new Error(CONNECTION_LOST);
    },
  };
};

interface Database {
  readonly tableName: string;
  readonly connect: (pass?: Pass) => DynamoDBClient;
  readonly scan: () => Promise<readonly Record<string, unknown>[]>;
}

const tableOf = ({ tableName, connect, scan }: Database) => {
  const { pass, ...wire } = createWire();
  const client = connect(pass);
  const documents = toDocumentClient(client);
  const spare = toDocumentClient(connect());
  const through = (way: Pass) => createSessionsStore({ documents: toDocumentClient(connect(way)), tableName });
  const tapped = (acts: ReadonlyMap<number, () => Promise<unknown>>) => {
    let requests = 0;
    return through(async (_, run) => {
      requests += 1;
      await acts.get(requests)?.();
      return run();
    });
  };
  return {
    tableName,
    client,
    /** Reads every item, not through the wire. */
    scan,
    documents: spare,
    wire,
    store: createSessionsStore({ documents, tableName }),
    /** What the store sends with. */
    own: documents,
    /** The same table through another connection: another instance of the service. */
    peer: () => createSessionsStore({ documents: spare, tableName }),
    /** Another instance, whose requests are answered that way. */
    through,
    /** Another instance, which runs `act` just before its request with that number. */
    tapped: (number: number, act: () => Promise<unknown>) => tapped(new Map([[number, act]])),
    /** Another instance, which runs each of these just before its request with that number. */
    tappedAt: tapped,
    /** Reads an item, not through the wire. */
    read: async (key: ItemKey) =>
      (await spare.send(new GetCommand({ TableName: tableName, Key: { ...key }, ConsistentRead: true }))).Item,
  };
};
export type TestTable = ReturnType<typeof tableOf>;

/** A sessions table of its own in an engine, the store on it, and the wire between them. */
export const aTable = async (endpoint: string): Promise<TestTable> => {
  const tableName = `sessions-${randomUUID()}`;
  await createSessionsTable(localClient(endpoint), tableName);
  const connect = (pass?: Pass): DynamoDBClient => {
    const client = localClient(endpoint);
    if (pass === undefined) return client;
    client.middlewareStack.add(
      (next, context) => (args) => pass(String(context['commandName']).replace('Command', ''), () => next(args)),
      { step: 'initialize', name: 'pass' },
    );
    return client;
  };
  const spare = toDocumentClient(localClient(endpoint));
  return tableOf({
    tableName,
    connect,
    scan: async () => (await spare.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }))).Items ?? [],
  });
};

const plain = (item: Item) => unmarshall({ ...item });

/** A table of its own in memory, which is compared with DynamoDB Local: for laws that take many requests. */
export const aTableInMemory = (now?: () => Date) => {
  const memory = createMemoryTable(now);
  return {
    ...tableOf({
      tableName: 'memory',
      connect: (pass) => createMemoryClient(memory, pass && (({ name, run }) => pass(name, async () => run()))),
      scan: async () => memory.all().map(plain),
    }),
    /** Reads an item at once. */
    find: (key: ItemKey) => {
      const item = memory.read(key);
      return item && plain(item);
    },
    /** Writes an item, or removes it, at once. */
    put: (key: ItemKey, item: object | undefined): void =>
      memory.write(key, item && marshall({ ...item, ...key }, { removeUndefinedValues: true })),
    /** What the stream carries of the writes since the last call. */
    takeRecords: () =>
      memory
        .takeChanges()
        .map(({ key, before, after, atMs }) =>
          aStreamRecord(key, before && plain(before), after && plain(after), atMs / 1000),
        ),
  };
};
