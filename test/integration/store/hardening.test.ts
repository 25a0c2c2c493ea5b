import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { transact } from '../../../functions/shared/store/dynamo/transaction.ts';
import { customerKey, sessionKey } from '../../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aTable, type TestTable } from '../../support/table.ts';

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

describe('what no person writes, under a valid signature', () => {
  it.each([
    ['a referral nested 20,000 levels deep', { referral: nested(20_000) }],
    ['a referral of 500 kB', { referral: { body: 'x'.repeat(500_000) } }],
    ['a name of 500 kB', { profileName: 'x'.repeat(500_000) }],
    ['a group of 500 kB', { groupId: 'x'.repeat(500_000), opens: false }],
    ['a quoted id of 500 kB', { replyTo: 'x'.repeat(500_000) }],
    [
      'content and referral that are each below the limit',
      {
        content: { type: 'text', text: 'x'.repeat(290_000) },
        referral: { body: 'x'.repeat(120_000) },
      },
    ],
    ['content nested 20,000 levels deep', { content: { type: 'raw', kind: 'odd', raw: nested(20_000) } }],
  ] as const)('is stored, so that the batch is not delivered again for days: %s', async (_, message) => {
    const recorded = await table.store.recordInbound(anArrival(message));

    expect(recorded.isNew).toBe(true);
    expect((await table.store.readThread({ channel: CHANNEL, customer: CUSTOMER, limit: 10 })).messages).toHaveLength(
      1,
    );
  });
});

describe('a transaction', () => {
  const cancelled = (Code: string) =>
    new TransactionCanceledException({
      message: 'cancelled',
      $metadata: {},
      CancellationReasons: [{ Code: 'None' }, { Code }],
    });
  const refusing = (times: number, error: Error) => {
    let calls = 0;
    const documents = {
      send: async () => {
        calls += 1;
        if (calls <= times) throw error;
        return {};
      },
    };
    return { table: { documents: documents as never, tableName: 't' }, calls: () => calls };
  };

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'is tried again after %s, which DynamoDB Local never says',
    async (code) => {
      const { table: passing, calls } = refusing(2, cancelled(code));

      expect(await transact(passing, [])).toEqual({ ok: true });
      expect(calls()).toBe(3);
    },
  );

  it('gives up when it never passes, and at once for other reasons', async () => {
    await expect(transact(refusing(99, cancelled('TransactionConflict')).table, [])).rejects.toThrow('cancelled');
    const { table: invalid, calls } = refusing(99, cancelled('ValidationError'));
    await expect(transact(invalid, [])).rejects.toThrow('cancelled');
    expect(calls()).toBe(1);
  });
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
