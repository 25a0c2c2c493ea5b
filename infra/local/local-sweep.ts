import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { epochSeconds } from '../../functions/shared/domain/window.ts';
import { type DueBucket, parseDueBucket, sweepKey } from '../../functions/shared/store/due/due-bucket.ts';
import type { Table } from '../../functions/shared/store/dynamo/client.ts';
import { readDueEntries } from './due-entries.ts';

const SweepCursor = z.object({ sweptUntil: z.int() });

/** The due buckets with entries. */
const readBuckets = async (table: Table): Promise<readonly DueBucket[]> =>
  (await readDueEntries(table)).map(({ dueBucket }) => parseDueBucket(dueBucket));

/** Advances the cursors of a channel's sweeps to the first bucket with entries. */
const skipEmptyBuckets = async (
  { documents, tableName: TableName }: Table,
  buckets: readonly DueBucket[],
  { channel, now }: { readonly channel: string; readonly now: Date },
): Promise<void> => {
  const advance = async ([sweep, due]: readonly ['closed' | 'send', string]) => {
    const Key = { ...sweepKey(sweep, channel) };
    const { Item } = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    const swept = SweepCursor.optional().parse(Item)?.sweptUntil ?? 0;
    const unswept = buckets.filter(({ kind, channel: of, until }) => kind === due && of === channel && until > swept);
    const first = Math.min(epochSeconds(now), ...unswept.map(({ from }) => from));
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

/** The end of the next bucket in which sessions end, but not after now. */
const nextSweep = (buckets: readonly DueBucket[], after: number, now: Date): Date => {
  const ends = buckets
    .filter(({ kind, until }) => kind === 'session' && until > after)
    .map(({ until }) => until * 1000);
  return new Date(Math.min(now.getTime(), ...ends));
};

/**
 * Catches up on the sweeps that the schedule would have run. It scans the small local index for buckets with entries, so
 * that a clock advanced by days costs one sweep for each bucket in which sessions ended, not queries for every bucket.
 */
export const createLocalSweep =
  ({ table, channels, now, sweepAt }: LocalSweepOptions) =>
  async (): Promise<void> => {
    const until = now();
    for (let at = new Date(0); at < until; ) {
      const buckets = await readBuckets(table);
      at = nextSweep(buckets, epochSeconds(at), until);
      for (const channel of channels) await skipEmptyBuckets(table, buckets, { channel, now: at });
      await sweepAt(at);
    }
  };
