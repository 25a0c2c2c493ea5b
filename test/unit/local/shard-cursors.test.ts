import { describe, expect, it } from 'vitest';
import { createShardCursors } from '../../../infra/local/shard-cursors.ts';
import type { ReadFrom } from '../../../infra/operate/stream-reader.ts';

interface ScriptedShard {
  readonly parent?: string;
  records: readonly string[];
  isOpen: boolean;
}

/** A stream as the API shows it: one record a page, an iterator is a shard and a place in it. */
const aStream = (shards: Record<string, ScriptedShard>) => {
  const begun: [string, ReadFrom][] = [];
  const at = (shard: string, place: number) => `${shard}|${place}`;
  return {
    begun,
    shards,
    shardsOf: async () => Object.entries(shards).map(([id, { parent }]) => ({ id, parent })),
    iteratorOf: async (_: string, id: string, from: ReadFrom) => {
      begun.push([id, from]);
      return at(id, from === 'LATEST' ? (shards[id]?.records.length ?? 0) : 0);
    },
    read: async (iterator: string) => {
      const [id = '', place] = iterator.split('|');
      const { records = [], isOpen = false } = shards[id] ?? {};
      const [record] = records.slice(Number(place));
      const next = Number(place) + (record === undefined ? 0 : 1);
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
  it('begin at what comes next, and read every shard on', async () => {
    const stream = aStream({ a: { records: ['1'], isOpen: true }, b: { records: [], isOpen: true } });
    const cursors = await createShardCursors(stream, 'stream');
    stream.shards['a'] = { records: ['1', '2', '3'], isOpen: true };
    stream.shards['b'] = { records: ['4'], isOpen: true };

    expect(await readAll(cursors)).toEqual(['2', '4', '3']);
    expect(await readAll(cursors)).toEqual([]);
  });

  it('read a shard that goes on from another one from its beginning, after the other has ended', async () => {
    const stream = aStream({ a: { records: [], isOpen: true } });
    const cursors = await createShardCursors(stream, 'stream');
    stream.shards['a'] = { records: ['1', '2', '3'], isOpen: false };
    stream.shards['b'] = { parent: 'a', records: ['4', '5'], isOpen: true };

    expect(await readAll(cursors)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('wait for the end of each shard before those that go on from it, also over generations', async () => {
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
    expect(new Set(stream.begun.map(([id]) => id)).size).toBe(stream.begun.length);
  });

  it('read a shard whose parent the stream no longer lists', async () => {
    const stream = aStream({ a: { records: [], isOpen: true } });
    const cursors = await createShardCursors(stream, 'stream');
    stream.shards['a'] = { records: ['1'], isOpen: false };
    stream.shards['c'] = { parent: 'gone', records: ['2'], isOpen: true };

    expect(await readAll(cursors)).toEqual(['1', '2']);
  });
});
