import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LOCAL_ENGINE } from '../../../infra/shared/local-engine.ts';
import type { MemoryTable } from './memory-table.ts';
import { query } from './query.ts';
import { type Input, SINGLE } from './requests.ts';

const REQUESTS = { ...SINGLE, Query: query } as const;
export type RequestName = keyof typeof REQUESTS;

/** One request on its way to the table. */
export interface Request {
  readonly name: RequestName;
  readonly input: Input;
  /** Makes it take effect; `isStale` where an eventually consistent read sees items as they were before their last change. */
  readonly run: (isStale?: boolean) => object;
}

/** Answers a request, in its own time: it may make it take effect, once, several times or not at all. */
export type Wire = (request: Request) => Promise<object>;

const isRequest = (name: string): name is RequestName => Object.hasOwn(REQUESTS, name);

const toRequest = (table: MemoryTable, command: string, input: Input): Request => {
  const name = command.replace(/Command$/, '');
  if (!isRequest(name)) throw new Error(`the simulated table knows no ${name}`);
  return { name, input, run: (isStale = false) => REQUESTS[name](table, input, isStale) };
};

/** The configuration that every client shares. */
const SDK = new DynamoDBClient(LOCAL_ENGINE);

const DIRECT: Wire = async ({ run }) => run();

/**
 * A client on a table in memory. Commands and document client are the SDK's; in the place of its middleware, which would
 * turn each request into HTTP, stands the table.
 */
export const createMemoryClient = (table: MemoryTable, wire: Wire = DIRECT): DynamoDBClient => {
  const stack = {
    concat: () => stack,
    // The document client looks for it.
    identify: () => ['serializerMiddleware'],
    resolve:
      (_: unknown, { commandName }: { readonly commandName: string }) =>
      async ({ input }: { readonly input: Input }) => ({ output: await wire(toRequest(table, commandName, input)) }),
  };
  return { config: SDK.config, middlewareStack: stack } as unknown as DynamoDBClient;
};
