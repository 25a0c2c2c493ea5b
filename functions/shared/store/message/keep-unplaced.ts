import { createHash } from 'node:crypto';
import type { CustomerKey } from '../../domain/customer.ts';
import { toInstantOfMs } from '../../domain/time.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce } from '../dynamo/conditional-write.ts';
import { putAbsent, transact } from '../dynamo/transaction.ts';
import { type ItemKey, unplacedKey, unplacedPointerKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';
import { storedRaw } from './stored-json.ts';

export interface KeepUnplaced {
  readonly account: string;
  /** Where the item names one. */
  readonly channel?: string | undefined;
  /** Where it can be read: an erasure finds the item by it. */
  readonly customer?: CustomerKey | undefined;
  /** Why it cannot be placed: the name of a field, never its value. */
  readonly reason: string;
  /** As the provider wrote it. */
  readonly raw: unknown;
  /** Of the webhook that delivered it, for the logs. */
  readonly requestId: string;
  readonly now: Date;
}

/** Time enough for an operator. */
const RETENTION_DAYS = 30;

const HASH_LENGTH = 16;

/** Stores an item together with what leads to it from its customer, so that an erasure finds it (R16). */
const putWithPointer = (table: Table, item: ItemKey & { readonly expiresAt: number }, pointer: ItemKey) => {
  const { pk, sk, expiresAt } = item;
  return transact(table, [putAbsent(table, item), putAbsent(table, { ...pointer, unplaced: { pk, sk }, expiresAt })]);
};

/** Keeps what a customer may have written and no rule can place (R4). */
export const createUnplacedStore = (table: Table) => ({
  /** Keeps one item for 30 days; returns its sort key, which logs may hold. Idempotent within a millisecond. */
  keepUnplaced: async ({ account, channel, customer, reason, raw, requestId, now }: KeepUnplaced): Promise<string> => {
    const content = storedRaw(raw);
    const hash = createHash('sha256').update(content).digest('hex').slice(0, HASH_LENGTH);
    const key = unplacedKey({ account, at: toInstantOfMs(now.getTime()), hash });
    const expiresAt = expiresAfterDays(epochSeconds(now), RETENTION_DAYS);
    const item = { ...key, channel, reason, requestId, receivedAt: now.getTime(), raw: content, expiresAt };
    await (channel === undefined || customer === undefined
      ? putOnce(table, item)
      : putWithPointer(table, item, unplacedPointerKey(channel, customer, key)));
    return key.sk;
  },
});
