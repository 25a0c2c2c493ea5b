import { BatchGetCommand, type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import type { Item } from '../../functions/shared/store/dynamo/read-items.ts';
import type { ItemKey } from '../../functions/shared/store/keys.ts';
import { aStreamRecord } from './changes.ts';

type Key = { readonly [Name in keyof ItemKey]: unknown };

const keyOf = ({ pk, sk }: Key): ItemKey => ({ pk: String(pk), sk: String(sk) });
const textOf = (key: Key): string => JSON.stringify([key.pk, key.sk]);

/** As DynamoDB returns it. */
const stored = (item: object): Item => unmarshall(marshall({ ...item }, { removeUndefinedValues: true }));

/**
 * A table in memory for one writer, who meets no condition that does not hold: it reads items, writes transactions and
 * returns the records of its stream.
 */
export const aMemoryTable = () => {
  const items = new Map<string, Item>();
  let records: StreamRecord[] = [];
  let second = 0;
  const put = (key: Key, item: object | undefined): void => {
    const before = items.get(textOf(key));
    const after = item === undefined ? undefined : stored({ ...item, ...keyOf(key) });
    if (after === undefined) items.delete(textOf(key));
    else items.set(textOf(key), after);
    if (before !== undefined || after !== undefined) records.push(aStreamRecord(keyOf(key), before, after, second));
  };
  const readBatch = ({ input }: BatchGetCommand) => {
    const [[name, asked] = ['', undefined]] = Object.entries(input.RequestItems ?? {});
    const found = (asked?.Keys ?? []).flatMap(({ pk, sk }) => items.get(textOf({ pk, sk })) ?? []);
    return { Responses: { [name]: found } };
  };
  const writeAll = ({ input }: TransactWriteCommand) => {
    for (const { Put, Delete } of input.TransactItems ?? []) {
      if (Put?.Item !== undefined) put({ pk: Put.Item['pk'], sk: Put.Item['sk'] }, Put.Item);
      if (Delete?.Key !== undefined) put({ pk: Delete.Key['pk'], sk: Delete.Key['sk'] }, undefined);
    }
    return {};
  };
  const send = async (command: object) => {
    if (command instanceof BatchGetCommand) return readBatch(command);
    if (command instanceof TransactWriteCommand) return writeAll(command);
    throw new Error('the table in memory knows no other request');
  };
  return {
    table: { documents: { send } as unknown as DynamoDBDocumentClient, tableName: 'memory' },
    /** The second of the records that follow. */
    setSecond: (at: number) => {
      second = at;
    },
    put,
    find: (key: ItemKey): Item | undefined => items.get(textOf(key)),
    /** The keys of a kind of item. */
    keysOf: (sk: string): readonly ItemKey[] =>
      [...items.values()].map((item) => keyOf({ pk: item['pk'], sk: item['sk'] })).filter((key) => key.sk === sk),
    /** The records since the last call. */
    takeRecords: (): readonly StreamRecord[] => {
      const taken = records;
      records = [];
      return taken;
    },
  };
};
