import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { transact } from '../../../../functions/shared/store/dynamo/transaction.ts';

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
    'is repeated after %s, which DynamoDB Local never raises',
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
