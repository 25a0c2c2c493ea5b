import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { HttpResponse } from '@smithy/core/protocols';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { awsClientLimits } from '../../../functions/shared/network/aws-client-limits.ts';
import { toDocumentClient } from '../../../functions/shared/store/dynamo/client.ts';
import { putOnce } from '../../../functions/shared/store/dynamo/conditional-write.ts';
import { putAbsent, transact } from '../../../functions/shared/store/dynamo/transaction.ts';
import { type Contention, runContended } from './contention.ts';
import { createMemoryClient } from './memory-client.ts';
import { createMemoryTable } from './memory-table.ts';

const TableName = 'sessions';
const ITEM = { pk: 'CUSTOMER#a', sk: 'CUSTOMER' };
const OTHER = { pk: 'CUSTOMER#b', sk: 'CUSTOMER' };
const THROUGHPUT = 'Throughput exceeds the current capacity of your table or index.';
const ONGOING = 'Transaction is ongoing for the item';

const put = new PutCommand({ TableName, Item: ITEM });
const transaction = new TransactWriteCommand({
  TransactItems: [{ Put: { TableName, Item: ITEM } }, { Put: { TableName, Item: OTHER } }],
});

type Written = typeof put | typeof transaction;
const sendBy = (documents: DynamoDBDocumentClient, command: Written): Promise<unknown> =>
  command instanceof PutCommand ? documents.send(command) : documents.send(command);

/** A table in memory whose next requests meet these, one after the other. */
const aTable = (...contentions: readonly Contention[]) => {
  const table = createMemoryTable();
  const left = [...contentions];
  const documents = toDocumentClient(
    createMemoryClient(table, async (request) => {
      const contention = left.shift();
      return contention === undefined ? request.run() : runContended(request, contention, () => request.run());
    }),
  );
  return { table, documents, tableName: TableName };
};

/** The SDK before an endpoint that answers every request with this error. */
const anSdk = (body: object): DynamoDBDocumentClient => {
  const client = new DynamoDBClient({
    ...awsClientLimits(4),
    region: 'eu-central-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    requestHandler: {
      handle: async () => ({
        response: new HttpResponse({
          statusCode: 400,
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          body: Buffer.from(JSON.stringify(body)),
        }),
      }),
    },
  });
  return DynamoDBDocumentClient.from(client);
};

const faultOf = async (answer: Promise<unknown>) => {
  const fault = await answer.then(
    () => ({ name: 'no fault' }),
    (error: unknown) => error as Error & { $metadata: { attempts: number }; CancellationReasons?: unknown },
  );
  if (!('$metadata' in fault)) return fault;
  const { name, message, $metadata, CancellationReasons: reasons } = fault;
  return { name, message, attempts: $metadata.attempts, reasons: JSON.parse(JSON.stringify(reasons ?? [])) };
};

const type = (name: string): string => `com.amazonaws.dynamodb.v20120810#${name}`;
const cancelled = (Code: string, Message: string) => ({
  __type: type('TransactionCanceledException'),
  Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${Code}, None]`,
  CancellationReasons: [{ Code, Message }, { Code: 'None' }],
});

describe('a request that DynamoDB refuses for now', () => {
  it.each([
    ['a write in conflict', put, 'conflict', { __type: type('TransactionConflictException'), message: ONGOING }],
    ['a transaction in conflict', transaction, 'conflict', cancelled('TransactionConflict', ONGOING)],
    ['a transaction that meets a throttle', transaction, 'throttled', cancelled('ThrottlingError', THROUGHPUT)],
    [
      'a write that is throttled for long',
      put,
      'throttled_for_long',
      { __type: type('ProvisionedThroughputExceededException'), message: THROUGHPUT },
    ],
    [
      'a transaction that is throttled for long',
      transaction,
      'throttled_for_long',
      { __type: type('ThrottlingException'), message: THROUGHPUT },
    ],
  ] as const)('fails like the SDK after its last attempt: %s', async (_, command, contention, body) => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { table, documents } = aTable(contention);

    const real = faultOf(sendBy(anSdk(body), command));
    await vi.advanceTimersByTimeAsync(60_000);

    expect(await faultOf(sendBy(documents, command))).toEqual(await real);
    expect(table.all()).toEqual([]);
  });

  it('is repeated by the SDK where a throttle ends soon, so that a failed condition tells of two attempts', async () => {
    const { table, ...memory } = aTable('throttled', 'throttled');

    expect(await putOnce(memory, ITEM)).toMatchObject({ ok: true });
    expect(await putOnce(memory, { ...ITEM, name: 'other' })).toMatchObject({ ok: false, wasRepeated: true });
    expect(table.all()).toHaveLength(1);
  });

  it('is repeated by the store after a conflict, and where a transaction is throttled', async () => {
    const { table, ...memory } = aTable('conflict', 'throttled', 'conflict');

    expect(await transact(memory, [putAbsent(memory, ITEM)])).toEqual({ ok: true });
    expect(await putOnce(memory, OTHER)).toMatchObject({ ok: true });
    expect(table.all()).toHaveLength(2);
  });
});
