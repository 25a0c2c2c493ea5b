import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as SdkRecord,
} from '@aws-sdk/client-dynamodb-streams';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';

export interface Shard {
  readonly id: string;
  /** The shard that this one goes on from. */
  readonly parent: string | undefined;
}

/** Where reading begins: at what comes next, at the oldest record, or at the record of that sequence number. */
export type ReadFrom = 'LATEST' | 'TRIM_HORIZON' | { readonly at: string };

export interface Page {
  readonly records: readonly StreamRecord[];
  /** Where the next page begins; a shard that has ended has none. */
  readonly next: string | undefined;
}

/** The API of a table's stream. */
export interface StreamReader {
  readonly streamOf: (tableName: string) => Promise<string | undefined>;
  readonly shardsOf: (streamArn: string) => Promise<readonly Shard[]>;
  readonly iteratorOf: (streamArn: string, shardId: string, from: ReadFrom) => Promise<string | undefined>;
  readonly read: (iterator: string, limit?: number) => Promise<Page>;
}

/** A record as Lambda hands it over: the SDK makes a date of its time. */
const toStreamRecord = ({ dynamodb }: SdkRecord): StreamRecord => {
  if (dynamodb === undefined) return {};
  const at = dynamodb.ApproximateCreationDateTime?.getTime();
  return { dynamodb: { ...dynamodb, ApproximateCreationDateTime: at === undefined ? undefined : at / 1000 } };
};

/** All shards of the stream, which the API lists a hundred at a time. */
const listShards = async (client: DynamoDBStreamsClient, streamArn: string): Promise<readonly Shard[]> => {
  const shards: Shard[] = [];
  let last: string | undefined;
  do {
    const { StreamDescription: page } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: last }),
    );
    for (const { ShardId: id, ParentShardId: parent } of page?.Shards ?? [])
      if (id !== undefined) shards.push({ id, parent });
    last = page?.LastEvaluatedShardId;
  } while (last !== undefined);
  return shards;
};

/** Reads the streams that this client reaches, with the records as Lambda hands them over. */
export const createStreamReader = (client: DynamoDBStreamsClient): StreamReader => ({
  streamOf: async (TableName) => {
    const { Streams } = await client.send(new ListStreamsCommand({ TableName }));
    return Streams?.at(-1)?.StreamArn;
  },
  shardsOf: (streamArn) => listShards(client, streamArn),
  iteratorOf: async (StreamArn, ShardId, from) => {
    const start =
      typeof from === 'string'
        ? { ShardIteratorType: from }
        : { ShardIteratorType: 'AT_SEQUENCE_NUMBER' as const, SequenceNumber: from.at };
    const { ShardIterator } = await client.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...start }));
    return ShardIterator;
  },
  read: async (ShardIterator, Limit) => {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator, Limit }));
    return { records: Records.map(toStreamRecord), next: NextShardIterator };
  },
});
