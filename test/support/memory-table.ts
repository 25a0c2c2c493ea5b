import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import type { Item } from '../../functions/shared/store/dynamo/read-items.ts';
import type { ItemKey } from '../../functions/shared/store/keys.ts';
import { createMemoryClient, type Wire } from '../simulation/dynamo/memory-client.ts';
import { createMemoryTable } from '../simulation/dynamo/memory-table.ts';
import { aStreamRecord } from './changes.ts';

type Key = { readonly [Name in keyof ItemKey]: unknown };

const keyOf = ({ pk, sk }: Key): ItemKey => ({ pk: String(pk), sk: String(sk) });

const plain = (item: Parameters<typeof unmarshall>[0] | undefined): Item | undefined =>
  item === undefined ? undefined : unmarshall(item, { wrapNumbers: false });

/** The simulated table with what tests of the store need; `wire` decides when a request takes effect. */
export const aMemoryTable = (wire?: Wire) => {
  let second = 0;
  const memory = createMemoryTable(() => new Date(second * 1000));
  const find = (key: ItemKey): Item | undefined => plain(memory.read(key));
  const items = (): readonly Item[] => memory.all().map((item) => plain(item) ?? {});
  return {
    table: { documents: toDocumentClient(createMemoryClient(memory, wire)), tableName: 'memory' },
    /** The second of the records that follow. */
    setSecond: (at: number) => {
      second = at;
    },
    put: (key: Key, item: object | undefined): void =>
      memory.write(
        keyOf(key),
        item === undefined ? undefined : marshall({ ...item, ...keyOf(key) }, { removeUndefinedValues: true }),
      ),
    find,
    scan: async () => items(),
    /** The keys of a kind of item. */
    keysOf: (sk: string): readonly ItemKey[] =>
      items()
        .map(({ pk, sk: kind }) => keyOf({ pk, sk: kind }))
        .filter((key) => key.sk === sk),
    /** The records since the last call. */
    takeRecords: () =>
      memory.takeChanges().map(({ key, before, after }) => aStreamRecord(key, plain(before), plain(after), second)),
  };
};
export type SimulatedTable = ReturnType<typeof aMemoryTable>;
