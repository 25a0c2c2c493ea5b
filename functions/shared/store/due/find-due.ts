import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { OutboundItem } from '../items.ts';
import { dueBucketsBetween, type ItemKey, type SweepKind, sweepKey } from '../keys.ts';
import { nextLook, updateStatus } from '../message/update-status.ts';
import { entriesIn } from './due-index.ts';

/** Queries under way at once: a slot of a channel is one query per shard. */
const CONCURRENCY = 32;

/** How far the first sweep of a channel looks back; later ones go on where the last one ended. */
const FIRST_LOOK_BACK_SECONDS = 3_600;

/** How long a slot is looked at beyond its end: the index lags, and another writer's clock may differ. */
const OVERLAP_SECONDS = { send: 600, closing: 120, closed: 120 } as const satisfies Record<SweepKind, number>;

/** What is looked at in one go: after a pause of hours the cursor moves on hour by hour, so that no work is lost. */
const STEP_SECONDS = 3_600;

const SweepItem = z.object({ sweptUntil: z.int().nonnegative() });

/** What became of a send that had waited for its outcome. */
export interface DueSend {
  readonly kind: 'now_in_doubt' | 'still_in_doubt' | 'settled';
  /** Since the send began. */
  readonly ageSeconds: number;
}

/** What a sweep looks at. */
export interface Sweep {
  readonly kind: SweepKind;
  readonly channel: string;
  /** Epoch seconds: everything that is due by then. */
  readonly until: number;
  /** Epoch seconds: nothing before matters, however long ago the last sweep was. */
  readonly since?: number;
}

/** What was found, and how far it was looked. */
export interface Due {
  readonly keys: readonly ItemKey[];
  readonly until: number;
}

const sweptUntil = async ({ documents, tableName }: Table, { kind, channel }: Sweep): Promise<number | undefined> => {
  const { Item } = await documents.send(
    new GetCommand({ TableName: tableName, Key: { ...sweepKey(kind, channel) }, ConsistentRead: true }),
  );
  return SweepItem.optional().parse(Item)?.sweptUntil;
};

/** Moves a send in doubt to a later slot, where the sweep measures its age again. */
const lookLater = ({ documents, tableName }: Table, key: ItemKey, now: Date) =>
  writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...key },
        UpdateExpression: 'SET dueBucket = :bucket',
        ConditionExpression: '#status = :inDoubt',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':bucket': nextLook(key, now), ':inDoubt': 'in_doubt' },
      }),
    ),
  );

/** Finds what wants attention by now, through the `byDue` index, and settles sends whose outcome nobody knows. */
export const createDueStore = (table: Table) => ({
  /** Keys of a channel's items that are due and were not swept before; of a long time, those of its first part. */
  findDue: async (sweep: Sweep): Promise<Due> => {
    const { kind, channel, since = 0 } = sweep;
    const first = since === 0 ? sweep.until - FIRST_LOOK_BACK_SECONDS : since;
    const from = Math.max(since, (await sweptUntil(table, sweep)) ?? first);
    const until = Math.min(sweep.until, from + STEP_SECONDS);
    const buckets = dueBucketsBetween({ kind: kind === 'send' ? kind : 'session', channel, from, to: until });
    const found = await pMap(buckets, (bucket) => entriesIn(table, bucket), { concurrency: CONCURRENCY });
    return { keys: found.flat().map(({ pk, sk }) => ({ pk, sk })), until };
  },

  /** Remembers that everything due was swept; the last slots are looked at once more, for late writers. */
  markSwept: async ({ kind, channel, until }: Sweep): Promise<void> => {
    const Item = { ...sweepKey(kind, channel), sweptUntil: until - OVERLAP_SECONDS[kind] };
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item }));
  },

  /** Takes a send that waits for its outcome: in doubt once its lease has run out (R11, R12). */
  settleDue: async (key: ItemKey, now: Date): Promise<DueSend | undefined> => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.tableName, Key: { ...key }, ConsistentRead: true }),
    );
    const message = OutboundItem.optional().parse(Item);
    if (message === undefined) return undefined;
    const ageSeconds = Math.floor((now.getTime() - message.decision.at) / 1000);
    if (message.status === 'in_doubt') {
      await lookLater(table, key, now);
      return { kind: 'still_in_doubt', ageSeconds };
    }
    if (message.status !== 'accepted') return { kind: 'settled', ageSeconds };
    if (now.getTime() < message.leaseUntil) return undefined;
    const moved = await updateStatus(table, key, { to: 'in_doubt', atMs: now.getTime(), by: 'service' });
    return { kind: moved.ok ? 'now_in_doubt' : 'settled', ageSeconds };
  },
});
