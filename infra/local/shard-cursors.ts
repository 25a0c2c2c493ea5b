import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import type { Shard, StreamReader } from '../operate/stream-reader.ts';

/**
 * A cursor for each shard of a stream. Child shards are read from their beginning once their parent has ended, so that
 * the records of one partition stay in order.
 */
export const createShardCursors = async (reader: Omit<StreamReader, 'streamOf'>, streamArn: string) => {
  const started = new Set<string>();
  /** The iterators of the shards that have not ended. */
  const iterators = new Map<string, string>();
  const setIterator = (shard: string, iterator: string | undefined) =>
    iterator === undefined ? iterators.delete(shard) : iterators.set(shard, iterator);
  const startShard = async ({ id }: Shard, from: 'LATEST' | 'TRIM_HORIZON') => {
    started.add(id);
    setIterator(id, await reader.iteratorOf(streamArn, id, from));
  };
  const hasEnded = (shard: string): boolean => started.has(shard) && !iterators.has(shard);
  const startReadyShards = async () => {
    const shards = await reader.shardsOf(streamArn);
    const listed = new Set(shards.map(({ id }) => id));
    for (const shard of shards) {
      const { id, parent } = shard;
      const isReady = parent === undefined || !listed.has(parent) || hasEnded(parent);
      if (isReady && !started.has(id)) await startShard(shard, 'TRIM_HORIZON');
    }
  };
  for (const shard of await reader.shardsOf(streamArn)) await startShard(shard, 'LATEST');
  return {
    /** The next records of every shard. */
    read: async (): Promise<readonly StreamRecord[]> => {
      const read: StreamRecord[] = [];
      for (const [shard, iterator] of iterators) {
        const { records, next } = await reader.read(iterator);
        read.push(...records);
        setIterator(shard, next);
        if (next === undefined) await startReadyShards();
      }
      return read;
    },
  };
};
export type ShardCursors = Awaited<ReturnType<typeof createShardCursors>>;
