import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import type { ItemKey } from '../../functions/shared/store/keys.ts';
import { createSessionsTable } from '../../infra/local/dynamodb-local.ts';
import { localClient } from '../../infra/shared/local-engine.ts';
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

const tap = (client: DynamoDBClient): Wire => {
  const commands: string[] = [];
  let failure: { index: number; when: 'before' | 'after' } | undefined;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const fails = failure?.index === commands.length ? failure.when : undefined;
      commands.push(String(context['commandName']).replace('Command', ''));
      if (fails === 'before') throw new Error(CONNECTION_LOST);
      if (fails === undefined) return next(args);
      await next(args).catch(() => undefined);
      throw new Error(CONNECTION_LOST);
    },
    { step: 'initialize', name: 'tap' },
  );
  return {
    commands,
    failAt: (index, when) => {
      failure = { index: commands.length + index, when };
    },
    reset: () => {
      commands.length = 0;
      failure = undefined;
    },
  };
};

/** A sessions table of its own, the store on it, and the wire between them. */
export const aTable = async (endpoint: string) => {
  const tableName = `sessions-${randomUUID()}`;
  await createSessionsTable(localClient(endpoint), tableName);
  const client = localClient(endpoint);
  const documents = toDocumentClient(client);
  const spare = toDocumentClient(localClient(endpoint));
  return {
    tableName,
    client,
    /** Reads every item, not through the wire. */
    scan: async () => (await spare.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }))).Items ?? [],
    documents: spare,
    wire: tap(client),
    store: createSessionsStore({ documents, tableName }),
    /** What the store sends with. */
    own: documents,
    /** The same table through another connection: another instance of the service. */
    peer: () => createSessionsStore({ documents: spare, tableName }),
    /** Another instance, which runs `act` just before its request with that number. */
    tapped: (number: number, act: () => Promise<unknown>) => {
      const theirs = localClient(endpoint);
      let requests = 0;
      theirs.middlewareStack.add(
        (next) => async (args) => {
          requests += 1;
          if (requests === number) await act();
          return next(args);
        },
        { step: 'initialize', name: 'act' },
      );
      return createSessionsStore({ documents: toDocumentClient(theirs), tableName });
    },
    /** Reads an item, not through the wire. */
    read: async (key: ItemKey) =>
      (await spare.send(new GetCommand({ TableName: tableName, Key: { ...key }, ConsistentRead: true }))).Item,
  };
};
export type TestTable = Awaited<ReturnType<typeof aTable>>;
