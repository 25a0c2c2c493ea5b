import { randomUUID } from 'node:crypto';
import { createDynamoClient, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { createSessionsTable } from '../../infra/local/dynamodb-local.ts';
import { LOCAL_ENGINE, localClient } from '../../infra/shared/local-engine.ts';

/** A sessions table of its own, with the service's client for what is measured and another one for everything else. */
export const createBenchTable = async (endpoint: string) => {
  const tableName = `bench-${randomUUID()}`;
  const client = localClient(endpoint);
  await createSessionsTable(client, tableName);
  return {
    tableName,
    dynamo: createDynamoClient({ ...LOCAL_ENGINE, endpoint }),
    documents: toDocumentClient(client),
  };
};
