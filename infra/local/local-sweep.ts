import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { epochSeconds } from '../../functions/shared/domain/window.ts';
import { sweepKey } from '../../functions/shared/store/due/due-entry.ts';
import type { Table } from '../../functions/shared/store/dynamo/client.ts';
import { readDueEntries } from './due-entries.ts';

const SweepCursor = z.object({ sweptUntil: z.int() });

type Entries = Awaited<ReturnType<typeof readDueEntries>>;

/** Advances the cursors of a channel's sweeps to the first entry. */
const skipEmptySpans = async (
  { documents, tableName: TableName }: Table,
  entries: Entries,
  { channel, now }: { readonly channel: string; readonly now: Date },
): Promise<void> => {
  const advance = async ([sweep, due]: readonly ['closed' | 'send', string]) => {
    const Key = { ...sweepKey(sweep, channel) };
    const { Item } = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    const swept = SweepCursor.optional().parse(Item)?.sweptUntil ?? 0;
    const unswept = entries.filter(({ kind, channel: of, dueAt }) => kind === due && of === channel && dueAt >= swept);
    const first = Math.min(epochSeconds(now), ...unswept.map(({ dueAt }) => dueAt));
    if (first > swept) await documents.send(new PutCommand({ TableName, Item: { ...Key, sweptUntil: first } }));
  };
  await advance(['closed', 'session']);
  await advance(['send', 'send']);
};

export interface LocalSweepOptions {
  readonly table: Table;
  readonly channels: readonly string[];
  readonly now: () => Date;
  /** Runs the sweep with its clock at that time. */
  readonly sweepAt: (at: Date) => Promise<void>;
}

/** Sessions that end within the same five minutes are closed by one sweep. */
const STEP_SECONDS = 300;

/** When the next sessions have ended, but not after now. */
const nextSweep = (entries: Entries, after: number, now: Date): Date => {
  const ends = entries
    .filter(({ kind, dueAt }) => kind === 'session' && dueAt >= after)
    .map(({ dueAt }) => (Math.floor(dueAt / STEP_SECONDS) + 1) * STEP_SECONDS * 1000);
  return new Date(Math.min(now.getTime(), ...ends));
};

/**
 * Catches up on the sweeps that the schedule would have run. It scans the small local index, so that a clock advanced by
 * days costs one sweep for each five minutes in which sessions ended.
 */
export const createLocalSweep =
  ({ table, channels, now, sweepAt }: LocalSweepOptions) =>
  async (): Promise<void> => {
    const until = now();
    for (let at = new Date(0); at < until; ) {
      const entries = await readDueEntries(table);
      at = nextSweep(entries, epochSeconds(at), until);
      for (const channel of channels) await skipEmptySpans(table, entries, { channel, now: at });
      await sweepAt(at);
    }
  };
