import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { epochSeconds } from '../domain/window.ts';
import type { Table } from './dynamo/client.ts';
import { readItem } from './dynamo/read-items.ts';
import type { ItemKey } from './keys.ts';

const PARTITION = 'SERVICE';

/** Written by each sweep; its change in the stream shows that sweep and stream run. */
export const BEAT_KEY: ItemKey = { pk: PARTITION, sk: 'BEAT' };
const SYNC_KEY: ItemKey = { pk: PARTITION, sk: 'TEMPLATE_SYNC' };

const seconds = z.int().nonnegative();

/** Times are epoch seconds. */
export const BeatItem = z.object({ startedAt: seconds, beatAt: seconds });
const SyncItem = z.object({ syncedAt: seconds });

/** The beat of the service, which the sweep writes and the stream reads. */
export const createBeatStore = (table: Table) => ({
  /** Writes a beat; returns the seconds since the last sync of all templates, or since the first beat where none was complete. */
  beat: async (now: Date): Promise<{ readonly syncAgeSeconds: number }> => {
    const beatAt = epochSeconds(now);
    const { Attributes } = await table.documents.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: { ...BEAT_KEY },
        UpdateExpression: 'SET beatAt = :now, startedAt = if_not_exists(startedAt, :now)',
        ExpressionAttributeValues: { ':now': beatAt },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const { startedAt } = BeatItem.parse(Attributes);
    const sync = SyncItem.optional().parse(await readItem(table, SYNC_KEY));
    return { syncAgeSeconds: Math.max(0, beatAt - (sync?.syncedAt ?? startedAt)) };
  },
});

/** The time of the last template sync. */
export const createSyncTimeStore = (table: Table) => ({
  /** Records that the templates of every account were read. */
  recordSync: async (now: Date): Promise<void> => {
    const Item = { ...SYNC_KEY, syncedAt: epochSeconds(now) };
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item }));
  },
});
