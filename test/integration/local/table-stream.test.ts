import { describe, expect, it, onTestFinished } from 'vitest';
import type { StreamRecord } from '../../../functions/shared/store/changes.ts';
import { startTableStream } from '../../../infra/local/table-stream.ts';
import { anArrival } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aTable } from '../../support/table.ts';

describe('the stream of a local table', () => {
  it('has the records that Lambda gets', async () => {
    const endpoint = dynamoDbEndpoint();
    const table = await aTable(endpoint);
    const records: StreamRecord[] = [];
    const stream = await startTableStream(endpoint, table.tableName, async (batch) => {
      records.push(...batch.Records);
      return { batchItemFailures: [] };
    });
    onTestFinished(async () => stream?.stop());

    await table.store.recordInbound(anArrival());
    await stream?.drain();

    expect(records.length).toBeGreaterThan(0);
    for (const { dynamodb } of records) {
      expect(dynamodb).toMatchObject({ SequenceNumber: expect.any(String), Keys: { pk: { S: expect.any(String) } } });
      const at = dynamodb?.ApproximateCreationDateTime ?? 0;
      expect(Math.abs(at - Date.now() / 1000)).toBeLessThan(3_600);
    }
  });

  it('is absent for a table without a stream', async () => {
    const handler = async () => ({ batchItemFailures: [] });

    expect(await startTableStream(dynamoDbEndpoint(), 'no-such-table', handler)).toBeUndefined();
  });
});
