import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../domain/customer.ts';
import { type CustomerRecord, UNKNOWN_CONSENT } from '../domain/send-decision.ts';
import type { Session } from '../domain/window.ts';
import type { Table } from './client.ts';
import { CustomerItem, SessionRow } from './items.ts';
import { customerKey, type ItemKey, sessionKey } from './keys.ts';

/** What is known of a customer on a channel. */
export interface CustomerFacts {
  /** Where the customer lives: the one asked for, or the one it was merged into. */
  readonly customer: CustomerKey;
  readonly session: Session | undefined;
  readonly record: CustomerRecord;
}

const MAX_MOVES = 4;

const readBoth = async ({ documents, tableName }: Table, keys: readonly ItemKey[]): Promise<unknown[]> => {
  const found: unknown[] = [];
  let wanted: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  while (wanted.length > 0) {
    const answer = await documents.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: wanted, ConsistentRead: true } } }),
    );
    found.push(...(answer.Responses?.[tableName] ?? []));
    wanted = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return found;
};

const isItem = (item: unknown, { sk }: ItemKey): boolean =>
  typeof item === 'object' && item !== null && 'sk' in item && item.sk === sk;

const toRecord = ({ consent, lastOpenedAt, slot }: CustomerItem): CustomerRecord => ({
  consent: consent ?? UNKNOWN_CONSENT,
  lastOpenedAt,
  slot: slot === undefined ? undefined : { usedAt: slot.usedAt, holders: [...slot.holders] },
});

/** Reads session and customer in one strongly consistent BatchGetItem: a stale read would let a closed window pass as open. */
export const createFactsStore = (table: Table) => ({
  loadFacts: async (channel: string, customer: CustomerKey): Promise<CustomerFacts> => {
    let at = customer;
    for (let moves = 0; moves < MAX_MOVES; moves += 1) {
      const keys = [sessionKey(channel, at), customerKey(channel, at)] as const;
      const items = await readBoth(table, keys);
      const row = SessionRow.optional().parse(items.find((item) => isItem(item, keys[0])));
      const record = CustomerItem.parse(items.find((item) => isItem(item, keys[1])) ?? {});
      if (row === undefined || 'sessionId' in row) return { customer: at, session: row, record: toRecord(record) };
      at = row.movedTo;
    }
    throw new Error(`the customer was moved more than ${MAX_MOVES} times`);
  },
});
