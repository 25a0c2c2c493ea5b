import { DeleteCommand, type DeleteCommandInput, QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import * as z from 'zod';
import type { CustomerKey } from '../domain/customer.ts';
import { activeAt, monthOf } from '../domain/usage.ts';
import { itemOf, readAll } from './batch-read.ts';
import type { Table } from './client.ts';
import { attempt } from './conditional.ts';
import { forgetMembers } from './forget-members.ts';
import { CustomerItem, MessageItem, SessionRow } from './items.ts';
import { customerKey, type ItemKey, type ItemKind, kindOf, messageNameOf, sendKey, sessionKey } from './keys.ts';
import { type Activity, createMemberStore } from './member-store.ts';

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
  /** Asked before each page: false ends the call, and what is left is for the next one. */
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

/** Under which other names the customer is known, by what stands under this one. */
const namesAt = async (table: Table, channel: string, customer: CustomerKey): Promise<readonly CustomerKey[]> => {
  const keys = [sessionKey(channel, customer), customerKey(channel, customer)] as const;
  const items = await readAll(table, keys);
  const session = SessionRow.optional().parse(itemOf(items, keys[0]));
  const { movedTo, phone, userId } = CustomerItem.parse(itemOf(items, keys[1]) ?? {});
  const names = [session !== undefined && 'movedTo' in session ? session.movedTo : undefined, movedTo, phone, userId];
  return names.filter((name) => name !== undefined);
};

/** Every name of the customer, each behind one that leads to it. */
const namesOf = async (table: Table, channel: string, asked: CustomerKey): Promise<readonly CustomerKey[]> => {
  const names = new Set([asked]);
  for (const name of names) for (const other of await namesAt(table, channel, name)) names.add(other);
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
  const removed = await attempt(() => documents.send(remove));
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

const activitiesIn = (page: readonly Item[], { channel, now }: EraseCustomer, customer: CustomerKey) =>
  page.flatMap((item): readonly Activity[] => {
    const { data: message } = MessageItem.safeParse(item);
    const at = activeAt(message);
    if (message === undefined || at === undefined || at < now.getTime() - UNCOUNTED_MS) return [];
    return [{ message: { channel, customer, atMs: message.at, id: message.id }, month: monthOf(at) }];
  });

interface Emptied {
  readonly empty: boolean;
  readonly kinds: readonly ItemKind[];
}

interface Partition {
  readonly customer: CustomerKey;
  /** Done when all is gone but what leads to the other names. */
  readonly beforeLast: () => Promise<void>;
}

/** Removes page after page, always from the front, until a page comes back empty or the time is up. */
const emptyPartition = async (
  table: Table,
  erase: EraseCustomer,
  { customer, beforeLast }: Partition,
): Promise<Emptied> => {
  const kinds: ItemKind[] = [];
  while (erase.goOn()) {
    const page = await readPage(table, sessionKey(erase.channel, customer).pk);
    await createMemberStore(table).countActivities(activitiesIn(page, erase, customer), erase.now);
    const rows = page.map((item) => Row.parse(item));
    const first = rows.filter((row) => !goesLast(row));
    if (first.length === 0) await beforeLast();
    if (rows.length === 0) return { empty: true, kinds };
    const removed = await pMap(first.length > 0 ? first : rows, (row) => removeRow(table, row), {
      concurrency: CONCURRENCY,
    });
    kinds.push(...removed.flat());
  }
  return { empty: false, kinds };
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

/** Forgets customers. */
export const createEraseStore = (table: Table) => ({
  /**
   * Removes every item of the customer, under every name, and the claims of the messages sent to them; who was counted
   * counts on without a name (R16). Each item goes after those that only it leads to, so that a repeat finds what a crash
   * has left.
   */
  eraseCustomer: async (erase: EraseCustomer): Promise<Erased> => {
    const removed = { ...NOTHING };
    const names = await namesOf(table, erase.channel, erase.customer);
    const forgetAll = async () => {
      for (const customer of names) removed.members += await forgetMembers(table, { ...erase, customer });
    };
    for (const customer of names.toReversed()) {
      const beforeLast = customer === erase.customer ? forgetAll : async () => undefined;
      const { empty, kinds } = await emptyPartition(table, erase, { customer, beforeLast });
      for (const kind of kinds) removed[kind] += 1;
      if (!empty) return { done: false, removed };
    }
    return { done: true, removed };
  },
});
