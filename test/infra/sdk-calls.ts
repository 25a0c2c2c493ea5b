import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Prints what the SDK makes of the answers of the service at the URL of its argument, and of regions of each partition. */
const [endpoint = ''] = process.argv.slice(2);
const Key = { pk: { S: 'one' } };
const NOT_SECURE = { UseFIPS: false, UseDualStack: false };
const REGIONS = [
  'eu-west-1',
  'us-east-1',
  'ap-southeast-5',
  'cn-north-1',
  'us-gov-west-1',
  'eusc-de-east-1',
  'xx-new-1',
];

const endpointsIn = (Region: string): readonly (string | undefined)[] =>
  [
    new DynamoDBClient({ region: Region }).config.endpointProvider({ Region, ...NOT_SECURE }),
    new EventBridgeClient({ region: Region }).config.endpointProvider({ Region, ...NOT_SECURE }),
    new SecretsManagerClient({ region: Region }).config.endpointProvider({ Region, ...NOT_SECURE }),
    new SQSClient({ region: Region }).config.endpointProvider({ Region, ...NOT_SECURE }),
  ].map(({ url }) => url.href);

const failureOf = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    return await call;
  } catch (error) {
    return error;
  }
};

const config = { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'id', secretAccessKey: 'key' } };
const dynamo = new DynamoDBClient(config);
const put = await failureOf(dynamo.send(new PutItemCommand({ TableName: 'one', Item: Key })));
const transaction = await failureOf(dynamo.send(new TransactWriteItemsCommand({ TransactItems: [] })));
const missing = await failureOf(dynamo.send(new GetItemCommand({ TableName: 'one', Key })));
const repeated = await dynamo.send(new GetItemCommand({ TableName: 'one', Key }));
const secret = await new SecretsManagerClient(config).send(new GetSecretValueCommand({ SecretId: 'one' }));

console.log(
  JSON.stringify({
    endpoints: REGIONS.map((region) => [region, ...endpointsIn(region)]),
    item: put instanceof ConditionalCheckFailedException ? put.Item : 'another error',
    reasons: transaction instanceof TransactionCanceledException ? transaction.CancellationReasons : 'another error',
    missing: missing instanceof Error ? [missing.name, missing.message] : 'no error',
    repeated: [repeated.Item, repeated.$metadata.attempts],
    secret: [secret.SecretString, secret.CreatedDate],
  }),
);
