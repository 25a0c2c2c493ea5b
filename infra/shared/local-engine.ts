import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Client settings for DynamoDB Local, which accepts any credentials and region. */
export const LOCAL_ENGINE = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  // A laptop may be busy with other programs: a Lambda's limits would end requests that are only slow.
  requestHandler: { connectionTimeout: 30_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

/** A client for DynamoDB Local, which has a database of its own for each region. */
export const localClient = (endpoint: string, region = LOCAL_ENGINE.region): DynamoDBClient =>
  new DynamoDBClient({ ...LOCAL_ENGINE, region, endpoint });
