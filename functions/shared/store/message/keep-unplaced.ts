import { createHash } from 'node:crypto';
import { toInstantOfMs } from '../../domain/time.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce } from '../dynamo/conditional-write.ts';
import { unplacedKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';
import { storedRaw } from './stored-json.ts';

export interface KeepUnplaced {
  readonly account: string;
  /** Where the item names one. */
  readonly channel?: string | undefined;
  /** Why it cannot be placed: the name of a field, never its value. */
  readonly reason: string;
  /** As the provider wrote it. */
  readonly raw: unknown;
  /** Of the webhook that delivered it, for the logs. */
  readonly requestId: string;
  readonly now: Date;
}

/** Time enough for an operator; an erasure does not find what names no customer. */
const RETENTION_DAYS = 30;

const HASH_LENGTH = 16;

/** Keeps what a customer may have written and no rule can place (R4). */
export const createUnplacedStore = (table: Table) => ({
  /** Keeps one item for 30 days; returns its sort key, which logs may hold. Idempotent within a millisecond. */
  keepUnplaced: async ({ account, channel, reason, raw, requestId, now }: KeepUnplaced): Promise<string> => {
    const content = storedRaw(raw);
    const hash = createHash('sha256').update(content).digest('hex').slice(0, HASH_LENGTH);
    const key = unplacedKey({ account, at: toInstantOfMs(now.getTime()), hash });
    const expiresAt = expiresAfterDays(epochSeconds(now), RETENTION_DAYS);
    await putOnce(table, { ...key, channel, reason, requestId, receivedAt: now.getTime(), raw: content, expiresAt });
    return key.sk;
  },
});
