import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import type { Shard, StreamReader } from '../operate/stream-reader.ts';

/**
 * Where each shard of a stream is read on. A shard that has ended is read no more, and those that go on from it are read
 * from their beginning, never before its end: so the records of one partition stay in order.
 */
export const createShardCursors = async (reader: Omit<StreamReader, 'streamOf'>, streamArn: string) => {
  const begun = new Set<string>();
  /** Where the shards that have not ended are read on. */
  const iterators = new Map<string, string>();
  const goOn = (shard: string, iterator: string | undefined) =>
    iterator === undefined ? iterators.delete(shard) : iterators.set(shard, iterator);
  const begin = async ({ id }: Shard, from: 'LATEST' | 'TRIM_HORIZON') => {
    begun.add(id);
    goOn(id, await reader.iteratorOf(streamArn, id, from));
  };
  const hasEnded = (shard: string): boolean => begun.has(shard) && !iterators.has(shard);
  const beginNext = async () => {
    const shards = await reader.shardsOf(streamArn);
    const listed = new Set(shards.map(({ id }) => id));
    for (const shard of shards) {
      const { id, parent } = shard;
      const isNext = parent === undefined || !listed.has(parent) || hasEnded(parent);
      if (isNext && !begun.has(id)) await begin(shard, 'TRIM_HORIZON');
    }
  };
  for (const shard of await reader.shardsOf(streamArn)) await begin(shard, 'LATEST');
  return {
    /** The next records of every shard. */
    read: async (): Promise<readonly StreamRecord[]> => {
      const read: StreamRecord[] = [];
      for (const [shard, iterator] of iterators) {
        const { records, next } = await reader.read(iterator);
        read.push(...records);
        goOn(shard, next);
        if (next === undefined) await beginNext();
      }
      return read;
    },
  };
};
