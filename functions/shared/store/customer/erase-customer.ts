import { DeleteCommand, type DeleteCommandInput, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import * as z from 'zod';
import { type CustomerKey, isPhone } from '../../domain/customer.ts';
import { activeAt, monthOf } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { MessageItem } from '../items.ts';
import { customerKey, type ItemKey, type ItemKind, kindOf, messageNameOf, sendKey, sessionKey } from '../keys.ts';
import { anonymizeMembers } from '../usage/anonymize-members.ts';
import { type Activity, createMemberStore } from '../usage/count-members.ts';
import { mergeMembers } from '../usage/merge-members.ts';
import { identitiesOf } from './identities.ts';

/** Items per query: the time left is looked at between two. */
const PAGE = 100;

/** Deletes under way at once. */
const CONCURRENCY = 32;

export interface EraseCustomer {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Every channel of the deployment. */
  readonly channels: readonly string[];
  readonly now: Date;
  /** Asked before each page that is removed: false ends the call, and what is left is for the next one. */
  readonly goOn: () => boolean;
}

/** How many items of each kind went; `members`: months in which the customer counts without a name now. */
export type Removed = Record<ItemKind | 'members', number>;

export interface Erased {
  /** True when a strongly consistent read found nothing left of the customer. */
  readonly done: boolean;
  readonly removed: Removed;
}

const Row = z.object({ pk: z.string(), sk: z.string(), direction: z.string().optional() });
type Row = z.infer<typeof Row>;

/** Every name of the customer, each behind one that leads to it. */
const namesOf = async (
  table: Table,
  channel: string,
  known: Iterable<CustomerKey>,
): Promise<readonly CustomerKey[]> => {
  const names = new Set(known);
  for (const name of names) for (const other of await identitiesOf(table, channel, name)) names.add(other);
  return [...names];
};

type Item = Readonly<Record<string, unknown>>;

const readPage = async ({ documents, tableName }: Table, pk: string): Promise<readonly Item[]> => {
  const { Items: items = [] } = await documents.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
      Limit: PAGE,
    }),
  );
  return items;
};

/** Customer and session lead to the other names, and an opt-out holds as long as they stand: they go last. */
const goesLast = ({ sk }: Row): boolean => ['customers', 'sessions'].includes(kindOf(sk));

type Condition = Pick<DeleteCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

const IS_THERE: Condition = { ConditionExpression: 'attribute_exists(pk)' };

/** An id that leads elsewhere by now was taken again by a message to somebody else. */
const leadsHere = (pk: string): Condition => ({
  ConditionExpression: 'messagePk = :pk',
  ExpressionAttributeValues: { ':pk': pk },
});

const removeItem = async (
  { documents, tableName }: Table,
  { pk, sk }: ItemKey,
  condition: Condition,
): Promise<readonly ItemKind[]> => {
  const remove = new DeleteCommand({ TableName: tableName, Key: { pk, sk }, ...condition });
  const removed = await writeConditionally(() => documents.send(remove));
  return removed.ok ? [kindOf(sk)] : [];
};

/** The claim of a sent message first: only the message leads to it. */
const removeRow = async (table: Table, row: Row): Promise<readonly ItemKind[]> => {
  const claim =
    row.direction === 'outbound' ? await removeItem(table, sendKey(messageNameOf(row).id), leadsHere(row.pk)) : [];
  return [...claim, ...(await removeItem(table, row, IS_THERE))];
};

/** How late the stream may count a message: nothing that goes before it is counted is lost to the usage (R16). */
const UNCOUNTED_MS = 2 * 86_400_000;

const isYoung = (message: MessageItem, activeAtMs: number, now: Date): boolean =>
  (message.direction === 'inbound' ? message.receivedAt : activeAtMs) >= now.getTime() - UNCOUNTED_MS;

const activitiesIn = (messages: readonly MessageItem[], { channel, now }: EraseCustomer, customer: CustomerKey) =>
  messages.flatMap((message): readonly Activity[] => {
    const at = activeAt(message);
    if (at === undefined || !isYoung(message, at, now)) return [];
    return [{ message: { channel, customer, atMs: message.at, id: message.id }, month: monthOf(at) }];
  });

/** Another name that so far only messages hold: noted before they go, so that a repeat finds it too. */
const noteName = async ({ documents, tableName }: Table, key: ItemKey, userId: CustomerKey): Promise<void> => {
  await writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...key },
        UpdateExpression: 'SET userId = :userId',
        ConditionExpression: 'attribute_not_exists(userId)',
        ExpressionAttributeValues: { ':userId': userId },
      }),
    ),
  );
};

interface Emptied {
  readonly empty: boolean;
  readonly kinds: readonly ItemKind[];
  /** Other names that stood in what was removed. */
  readonly names: readonly CustomerKey[];
}

/** What goes of a partition: all but what leads to the customer's other names, or that as well. */
type Depth = 'all_but_last' | 'all';

interface Partition {
  readonly customer: CustomerKey;
  readonly depth: Depth;
}

const readMessages = (page: readonly Item[]): readonly MessageItem[] =>
  page.flatMap((item) => {
    const { data } = MessageItem.safeParse(item);
    return data === undefined ? [] : [data];
  });

interface Page {
  readonly erase: EraseCustomer;
  readonly customer: CustomerKey;
}

/** Counts what nobody has counted and notes names that nobody has noted, before the page goes. */
const keepFrom = async (table: Table, { erase, customer }: Page, items: readonly Item[]) => {
  const messages = readMessages(items);
  await createMemberStore(table).countActivities(activitiesIn(messages, erase, customer), erase.now);
  const names = new Set(messages.flatMap((message) => (message.direction === 'inbound' ? (message.userId ?? []) : [])));
  for (const name of names) await noteName(table, customerKey(erase.channel, customer), name);
  return [...names];
};

/** Removes page after page, always from the front, until nothing is left to that depth or the time is up. */
const emptyPartition = async (table: Table, erase: EraseCustomer, partition: Partition): Promise<Emptied> => {
  const kinds: ItemKind[] = [];
  const names: CustomerKey[] = [];
  for (;;) {
    const page = await readPage(table, sessionKey(erase.channel, partition.customer).pk);
    const rows = page.map((item) => Row.parse(item));
    const first = rows.filter((row) => !goesLast(row));
    const next = first.length === 0 && partition.depth === 'all' ? rows : first;
    if (next.length === 0) return { empty: true, kinds, names };
    if (!erase.goOn()) return { empty: false, kinds, names };
    names.push(...(await keepFrom(table, { erase, customer: partition.customer }, page)));
    const removed = await pMap(next, (row) => removeRow(table, row), { concurrency: CONCURRENCY });
    kinds.push(...removed.flat());
  }
};

const NOTHING: Removed = {
  sessions: 0,
  customers: 0,
  consents: 0,
  messages: 0,
  pastSessions: 0,
  claims: 0,
  members: 0,
};

/** The one that all others count as: the phone number, where there is one. */
const mainName = (names: readonly CustomerKey[], asked: CustomerKey): CustomerKey =>
  names.find((name) => isPhone(name)) ?? asked;

/** Makes one member of all names, and then one without a name; answers in how many months. */
const forgetAll = async (table: Table, erase: EraseCustomer, names: readonly CustomerKey[]): Promise<number> => {
  const { channel, now } = erase;
  const to = mainName(names, erase.customer);
  for (const from of names) if (from !== to) await mergeMembers(table, { channel, from, to }, now);
  return anonymizeMembers(table, { ...erase, customer: to });
};

/** Forgets customers. */
export const createEraseStore = (table: Table) => ({
  /**
   * Removes every item of the customer, under every name, and the claims of the messages sent to them; who was counted
   * counts on without a name (R16). First all messages go, and with them whatever could still link another name or count
   * the customer; then who they are is forgotten; the name that was asked for goes last, since it leads to all others. So
   * a repeat finds what a crash has left.
   */
  eraseCustomer: async (erase: EraseCustomer): Promise<Erased> => {
    const removed = { ...NOTHING };
    const names = new Set([erase.customer]);
    const empty = async (customer: CustomerKey, depth: Depth): Promise<boolean> => {
      const emptied = await emptyPartition(table, erase, { customer, depth });
      for (const kind of emptied.kinds) removed[kind] += 1;
      for (const name of emptied.names) names.add(name);
      return emptied.empty;
    };
    for (let known = -1; known < names.size; ) {
      known = names.size;
      for (const name of await namesOf(table, erase.channel, names)) names.add(name);
      for (const name of names) if (!(await empty(name, 'all_but_last'))) return { done: false, removed };
    }
    removed.members += await forgetAll(table, erase, [...names]);
    for (const name of [...names].toReversed()) if (!(await empty(name, 'all'))) return { done: false, removed };
    return { done: true, removed };
  },
});
