import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { customerKey, sessionKey } from '../../../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

describe('a skewed message that marks the customer while another one opens the session', () => {
  it('leaves its mark on that session too', async () => {
    const writer = table.tapped(3, async () => {
      await table.documents.send(
        new UpdateCommand({
          TableName: table.tableName,
          Key: { ...customerKey(CHANNEL, CUSTOMER) },
          UpdateExpression: 'SET skewedUntil = :until',
          ExpressionAttributeValues: { ':until': NOON_SECONDS + 5_000 },
        }),
      );
    });

    await writer.recordInbound(anArrival({ at: NOON }));

    expect(await table.read(sessionKey(CHANNEL, CUSTOMER))).toMatchObject({ skewedUntil: NOON_SECONDS + 5_000 });
  });
});
