import { GetCommand, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { epochSeconds } from '../../functions/shared/domain/window.ts';
import type { Table } from '../../functions/shared/store/client.ts';
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

/**
 * Moves the sweep's cursors over slots in which nothing stands. A table on a laptop can be read whole: so a clock that is
 * moved by days costs no query for each 5 minutes of them.
 */
export const skipEmptySlots = async (table: Table, channels: readonly string[], now: Date): Promise<void> => {
  const { documents, tableName: TableName } = table;
  const slots = await readSlots(table);
  const move = async (channel: string, [sweep, due]: readonly ['closed' | 'send', string]) => {
    const Key = { ...sweepKey(sweep, channel) };
    const { Item } = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    const swept = Cursor.optional().parse(Item)?.sweptUntil ?? 0;
    const ends = slots.filter((slot) => slot.kind === due && slot.channel === channel && slot.endsAt > swept);
    const first = Math.min(epochSeconds(now), ...ends.map(({ endsAt }) => endsAt - 300));
    if (first > swept) await documents.send(new PutCommand({ TableName, Item: { ...Key, sweptUntil: first } }));
  };
  for (const channel of channels) {
    await move(channel, ['closed', 'session']);
    await move(channel, ['send', 'send']);
  }
};
