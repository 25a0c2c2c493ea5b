import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import { arnOf } from '../assembly/identities.ts';
import { type AwsCall, type AwsService, denyInJson, jsonOf, operationOf, unknownOperation } from './aws-call.ts';
import type { Access } from './policies.ts';

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const Table = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema,
  GlobalSecondaryIndexes: z.array(
    z.object({
      IndexName: z.string(),
      KeySchema,
      Projection: z.object({ ProjectionType: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']) }),
    }),
  ),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  StreamSpecification: z.object({ StreamViewType: z.literal('NEW_AND_OLD_IMAGES') }),
});

/**
 * Creates the table of the template, without its TTL, by which DynamoDB Local would delete at any moment. A table of an
 * earlier deployment of the stack stays as it is.
 */
export const ensureTable = async (assembly: Assembly, client: DynamoDBClient): Promise<string> => {
  const [table, ...others] = assembly.ofType('AWS::DynamoDB::GlobalTable');
  if (table === undefined || others.length > 0) throw new Error('the rehearsal runs one table');
  const { StreamSpecification, ...properties } = Table.parse(table.properties);
  const TableName = assembly.identity(table.id).ref;
  const input: CreateTableCommandInput = {
    ...properties,
    TableName,
    StreamSpecification: { StreamEnabled: true, ...StreamSpecification },
  };
  await client.send(new CreateTableCommand(input)).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
  return TableName;
};

const tableArn = (name: string): string => arnOf('dynamodb', `table/${name}`);

const access = (operation: string, table: string): Access => ({
  action: `dynamodb:${operation}`,
  resource: tableArn(table),
});

const OneTable = z.object({ TableName: z.string() });
const Query = z.object({ TableName: z.string(), IndexName: z.string().optional() });
const Batch = z.object({ RequestItems: z.record(z.string(), z.unknown()) });

/** Each part of a transaction needs the permission of its own operation. */
const PARTS: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};
const Transaction = z.object({ TransactItems: z.array(z.record(z.string(), OneTable)) });

const ofTransaction = (body: unknown): readonly Access[] =>
  Transaction.parse(body).TransactItems.flatMap((item) =>
    Object.entries(item).map(([part, { TableName }]) => access(PARTS[part] ?? part, TableName)),
  );

const ofQuery = (body: unknown): readonly Access[] => {
  const { TableName, IndexName } = Query.parse(body);
  const index = IndexName === undefined ? '' : `/index/${IndexName}`;
  return [{ action: 'dynamodb:Query', resource: `${tableArn(TableName)}${index}` }];
};

const ITEM_OPERATIONS: readonly string[] = ['DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'];

const accessesOf = (call: AwsCall): readonly Access[] => {
  const operation = operationOf(call);
  const body = jsonOf(call);
  if (ITEM_OPERATIONS.includes(operation)) return [access(operation, OneTable.parse(body).TableName)];
  if (operation === 'TransactWriteItems') return ofTransaction(body);
  if (operation === 'Query') return ofQuery(body);
  if (operation === 'BatchGetItem')
    return Object.keys(Batch.parse(body).RequestItems).map((table) => access(operation, table));
  throw unknownOperation(call, operation);
};

/** DynamoDB Local keeps the tables of each access key and region apart. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20261120/local/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0';

/** DynamoDB, whose calls go on to DynamoDB Local byte for byte. */
export const createDynamoDb = (endpoint: string): AwsService => ({
  accesses: accessesOf,
  deny: denyInJson,
  perform: async ({ headers, body }) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization: AUTHORIZATION,
        'x-amz-date': '20261120T120000Z',
        'content-type': headers['content-type'] ?? '',
        'x-amz-target': headers['x-amz-target'] ?? '',
      },
      body: new Uint8Array(body),
    });
    return {
      status: response.status,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: new Uint8Array(await response.arrayBuffer()),
    };
  },
});
