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
  /** The shard that was split or closed into this one. */
  readonly parent: string | undefined;
  /** The sequence number of its first record. */
  readonly first?: string | undefined;
  /** The sequence number of its last record; `undefined` while it is open. */
  readonly last?: string | undefined;
}

/** Where reading starts: after the newest record, at the oldest record, or at the record with that sequence number. */
export type ReadFrom = 'LATEST' | 'TRIM_HORIZON' | { readonly at: string };

export interface Page {
  readonly records: readonly StreamRecord[];
  /** Iterator of the next page; `undefined` at the end of a closed shard. */
  readonly next: string | undefined;
}

/** Reads the stream of a table. */
export interface StreamReader {
  readonly streamOf: (tableName: string) => Promise<string | undefined>;
  readonly shardsOf: (streamArn: string) => Promise<readonly Shard[]>;
  readonly iteratorOf: (streamArn: string, shardId: string, from: ReadFrom) => Promise<string | undefined>;
  readonly read: (iterator: string, limit?: number) => Promise<Page>;
}

/** A record as Lambda passes it, with its time in epoch seconds; the SDK has a Date. */
const toStreamRecord = ({ dynamodb }: SdkRecord): StreamRecord => {
  if (dynamodb === undefined) return {};
  const at = dynamodb.ApproximateCreationDateTime?.getTime();
  return { dynamodb: { ...dynamodb, ApproximateCreationDateTime: at === undefined ? undefined : at / 1000 } };
};

/** All shards of the stream, of which the API lists 100 per page. */
const listShards = async (client: DynamoDBStreamsClient, streamArn: string): Promise<readonly Shard[]> => {
  const shards: Shard[] = [];
  let last: string | undefined;
  do {
    const { StreamDescription: page } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: last }),
    );
    for (const { ShardId: id, ParentShardId: parent, SequenceNumberRange: range } of page?.Shards ?? [])
      if (id !== undefined)
        shards.push({ id, parent, first: range?.StartingSequenceNumber, last: range?.EndingSequenceNumber });
    last = page?.LastEvaluatedShardId;
  } while (last !== undefined);
  return shards;
};

/** A reader whose records have the form in which Lambda passes them. */
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
