import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { readItem } from '../dynamo/read-items.ts';
import { UploadedItem } from '../items.ts';
import { uploadedKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';

/** Meta keeps an uploaded file for 30 days: an id is used for one day less. */
const LIFE_DAYS = 29;

export interface UploadedFile {
  readonly channel: string;
  readonly upload: string;
  /** Of the content in the bucket. */
  readonly version: string;
  readonly now: Date;
}

/** Keeps the provider's ids of uploaded files, so that each is uploaded once. */
export const createUploadedFileStore = (table: Table) => ({
  /** The provider's id of a file; `undefined` where it has none of this content any more. */
  findUploaded: async ({ channel, upload, version, now }: UploadedFile): Promise<string | undefined> => {
    const item = UploadedItem.optional().parse(await readItem(table, uploadedKey(channel, upload)));
    return item?.version === version && item.expiresAt > epochSeconds(now) ? item.mediaId : undefined;
  },

  recordUploaded: async ({ channel, upload, version, now }: UploadedFile, mediaId: string): Promise<void> => {
    const expiresAt = expiresAfterDays(epochSeconds(now), LIFE_DAYS);
    const Item = { ...uploadedKey(channel, upload), mediaId, version, expiresAt };
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item }));
  },
});
