import { GetCommand, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { epochSeconds } from '../../functions/shared/domain/window.ts';
import type { Table } from '../../functions/shared/store/dynamo/client.ts';
import { sweepKey } from '../../functions/shared/store/keys.ts';
import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';

const Entry = z.object({ dueBucket: z.string() });
const Cursor = z.object({ sweptUntil: z.int() });

/** The 5-minute slots in which something stands: kind, channel and the second at which the slot ends. */
const readSlots = async ({ documents, tableName: TableName }: Table) => {
  const slots: { kind: string | undefined; channel: string | undefined; endsAt: number }[] = [];
  const scan = { TableName, IndexName: SESSIONS_TABLE.byDue.indexName };
  for await (const { Items = [] } of paginateScan({ client: documents }, scan))
    for (const { dueBucket } of Items.map((item) => Entry.parse(item))) {
      const [kind, channel, slot] = dueBucket.split('#');
      slots.push({ kind, channel, endsAt: Number(slot) + 300 });
    }
  return slots;
};

type Slots = Awaited<ReturnType<typeof readSlots>>;

/** Moves the cursors of a channel's sweeps over slots in which nothing stands. */
const skipEmptySlots = async (
  { documents, tableName: TableName }: Table,
  slots: Slots,
  { channel, now }: { readonly channel: string; readonly now: Date },
): Promise<void> => {
  const move = async ([sweep, due]: readonly ['closed' | 'send', string]) => {
    const Key = { ...sweepKey(sweep, channel) };
    const { Item } = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    const swept = Cursor.optional().parse(Item)?.sweptUntil ?? 0;
    const ends = slots.filter((slot) => slot.kind === due && slot.channel === channel && slot.endsAt > swept);
    const first = Math.min(epochSeconds(now), ...ends.map(({ endsAt }) => endsAt - 300));
    if (first > swept) await documents.send(new PutCommand({ TableName, Item: { ...Key, sweptUntil: first } }));
  };
  await move(['closed', 'session']);
  await move(['send', 'send']);
};

export interface LocalSweepOptions {
  readonly table: Table;
  readonly channels: readonly string[];
  readonly now: () => Date;
  /** Runs the sweep as it would have run at that moment. */
  readonly sweepAt: (at: Date) => Promise<void>;
}

/** The next slot in which sessions end, as soon as it is over; now where there is none before. */
const nextMoment = (slots: Slots, after: number, now: Date): Date => {
  const ends = slots
    .filter(({ kind, endsAt }) => kind === 'session' && endsAt > after)
    .map(({ endsAt }) => endsAt * 1000);
  return new Date(Math.min(now.getTime(), ...ends));
};

/**
 * Sweeps as each minute would have done. A table on a laptop can be read whole: so a clock that is moved by days costs a
 * sweep for each slot in which sessions ended, and no query for each 5 minutes of them.
 */
export const createLocalSweep =
  ({ table, channels, now, sweepAt }: LocalSweepOptions) =>
  async (): Promise<void> => {
    const until = now();
    for (let at = new Date(0); at < until; ) {
      const slots = await readSlots(table);
      at = nextMoment(slots, epochSeconds(at), until);
      for (const channel of channels) await skipEmptySlots(table, slots, { channel, now: at });
      await sweepAt(at);
    }
  };
