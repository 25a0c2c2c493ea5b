import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { distinctKeys, readItem } from '../dynamo/read-items.ts';
import type { ItemKey } from '../keys.ts';
import { type SweepKind, sweepKey } from './due-entry.ts';
import { readDue } from './due-index.ts';

/** How long before now the first sweep of a channel begins; later ones continue where the last one ended. */
const FIRST_SPAN_SECONDS = 3_600;

/** How much of a sweep the next one repeats: the index lags, and another writer's clock may differ. */
const OVERLAP_SECONDS = { send: 600, closed: 120, closing: 120, exact: 120 } as const satisfies Record<
  SweepKind,
  number
>;

/** The span of one step: after an outage of hours the cursor advances hour by hour, so that no work is lost. */
const STEP_SECONDS = 3_600;

const SweepItem = z.object({ sweptUntil: z.int().nonnegative() });

export interface Sweep {
  readonly kind: SweepKind;
  readonly channel: string;
  /** Epoch seconds: everything that is due by then. */
  readonly until: number;
  /** Epoch seconds: nothing earlier is swept, however long ago the last sweep was. */
  readonly since?: number;
}

/** One step of a sweep: the keys of what is due, each once, and the second up to which they are complete. */
export interface SweepStep {
  readonly keys: readonly ItemKey[];
  readonly until: number;
}

/** The second up to which a channel has been swept; before its first sweep, that from which it will begin. */
export const sweptUntil = async (table: Table, { kind, channel, since = 0, until }: Sweep): Promise<number> => {
  const item = SweepItem.optional().parse(await readItem(table, sweepKey(kind, channel)));
  return Math.max(since, item?.sweptUntil ?? (since === 0 ? until - FIRST_SPAN_SECONDS : since));
};

/** Finds what is due, through the `byDueAt` index, and keeps a cursor per channel and kind. */
export const createDueStore = (table: Table) => ({
  /** Finds a channel's items that are due and not swept yet; of a span longer than an hour, those of its first hour. */
  findDue: async (sweep: Sweep): Promise<SweepStep> => {
    const { kind, channel } = sweep;
    const from = await sweptUntil(table, sweep);
    const until = Math.min(sweep.until, from + STEP_SECONDS);
    const found = await readDue(table, { kind: kind === 'send' ? kind : 'session', channel, from, to: until });
    return { keys: distinctKeys(found), until };
  },

  /** Advances the cursor; the next sweep repeats the last minutes for late writers. */
  markSwept: async ({ kind, channel, until }: Sweep): Promise<void> => {
    const Item = { ...sweepKey(kind, channel), sweptUntil: until - OVERLAP_SECONDS[kind] };
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item }));
  },
});
