import { describe, expect, it } from 'vitest';
import { createShardCursors } from '../../../infra/local/shard-cursors.ts';
import type { ReadFrom } from '../../../infra/operate/stream-reader.ts';

interface ScriptedShard {
  readonly parent?: string;
  records: readonly string[];
  isOpen: boolean;
}

/** A stream with one record a page; an iterator is a shard and an index. */
const aStream = (shards: Record<string, ScriptedShard>) => {
  const started: [string, ReadFrom][] = [];
  const at = (shard: string, index: number) => `${shard}|${index}`;
  return {
    started,
    shards,
    shardsOf: async () => Object.entries(shards).map(([id, { parent }]) => ({ id, parent })),
    iteratorOf: async (_: string, id: string, from: ReadFrom) => {
      started.push([id, from]);
      return at(id, from === 'LATEST' ? (shards[id]?.records.length ?? 0) : 0);
    },
    read: async (iterator: string) => {
      const [id = '', index] = iterator.split('|');
      const { records = [], isOpen = false } = shards[id] ?? {};
      const [record] = records.slice(Number(index));
      const next = Number(index) + (record === undefined ? 0 : 1);
      return {
        records: record === undefined ? [] : [{ dynamodb: { SequenceNumber: record } }],
        next: isOpen || next < records.length ? at(id, next) : undefined,
      };
    },
  };
};

const readAll = async (cursors: Awaited<ReturnType<typeof createShardCursors>>): Promise<readonly unknown[]> => {
  const numbers: unknown[] = [];
  for (let some = await cursors.read(); some.length > 0; some = await cursors.read())
    numbers.push(...some.map(({ dynamodb }) => dynamodb?.SequenceNumber));
  return numbers;
};

describe('the cursors of a stream', () => {
  it('begin with the next record, and continue every shard', async () => {
    const stream = aStream({ a: { records: ['1'], isOpen: true }, b: { records: [], isOpen: true } });
    const cursors = await createShardCursors(stream, 'stream');
    stream.shards['a'] = { records: ['1', '2', '3'], isOpen: true };
    stream.shards['b'] = { records: ['4'], isOpen: true };

    expect(await readAll(cursors)).toEqual(['2', '4', '3']);
    expect(await readAll(cursors)).toEqual([]);
  });

  it('read a child shard from its beginning, after its parent has ended', async () => {
    const stream = aStream({ a: { records: [], isOpen: true } });
    const cursors = await createShardCursors(stream, 'stream');
    stream.shards['a'] = { records: ['1', '2', '3'], isOpen: false };
    stream.shards['b'] = { parent: 'a', records: ['4', '5'], isOpen: true };

    expect(await readAll(cursors)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('wait for the end of each shard before its children, also over generations', async () => {
    const stream = aStream({ a: { records: [], isOpen: true }, b: { records: [], isOpen: true } });
    const cursors = await createShardCursors(stream, 'stream');
    stream.shards['a'] = { records: ['a1'], isOpen: false };
    stream.shards['b'] = { records: ['b1', 'b2', 'b3', 'b4'], isOpen: false };
    stream.shards['b-child'] = { parent: 'b', records: ['b5'], isOpen: false };
    stream.shards['b-grandchild'] = { parent: 'b-child', records: ['b6'], isOpen: true };
    stream.shards['a-child'] = { parent: 'a', records: ['a2'], isOpen: true };

    const numbers = (await readAll(cursors)).map(String);

    expect(numbers.filter((number) => number.startsWith('a'))).toEqual(['a1', 'a2']);
    expect(numbers.filter((number) => number.startsWith('b'))).toEqual(['b1', 'b2', 'b3', 'b4', 'b5', 'b6']);
    expect(new Set(stream.started.map(([id]) => id)).size).toBe(stream.started.length);
  });

  it('read a shard whose parent the stream no longer lists', async () => {
    const stream = aStream({ a: { records: [], isOpen: true } });
    const cursors = await createShardCursors(stream, 'stream');
    stream.shards['a'] = { records: ['1'], isOpen: false };
    stream.shards['c'] = { parent: 'gone', records: ['2'], isOpen: true };

    expect(await readAll(cursors)).toEqual(['1', '2']);
  });
});
