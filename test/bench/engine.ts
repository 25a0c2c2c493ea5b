import { fork } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSessionsTable, startDynamoDb } from '../../infra/local/dynamodb-local.ts';
import { localClient } from '../../infra/shared/local-engine.ts';
import { metaSecrets } from '../support/meta.ts';
import { type Place, RAW_REGION } from './handlers.ts';

const tableName = 'bench';

/** A simulated Graph API and Secrets Manager in a process of their own. */
const startProvider = async () => {
  const { appSecrets, verifyToken } = metaSecrets;
  const secret = JSON.stringify({ appSecrets, verifyToken });
  const child = fork(join(import.meta.dirname, 'provider.worker.ts'), [secret]);
  const { port } = await new Promise<AddressInfo>((resolve, reject) => {
    child.once('message', (address) => resolve(address as AddressInfo));
    child.once('exit', () => reject(new Error('the simulated provider ended at its start')));
  });
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
};

/** Works on a DynamoDB Local of its own, so that no measurement has the data of another; the place is in the first region. */
export const onEngine = async <T>(
  work: (place: Place) => Promise<T>,
  regions: readonly string[] = ['local', RAW_REGION],
): Promise<T> => {
  const engine = await startDynamoDb();
  const provider = await startProvider();
  try {
    for (const region of regions) {
      const client = localClient(engine.endpoint, region);
      await createSessionsTable(client, tableName);
      client.destroy();
    }
    return await work({ endpoint: engine.endpoint, tableName, provider: provider.url, region: regions[0] ?? '' });
  } finally {
    provider.stop();
    engine.stop();
  }
};
