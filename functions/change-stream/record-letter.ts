import * as z from 'zod';
import { readImage, type StreamRecord } from '../shared/store/changes.ts';

/**
 * The dead letter of a record that can never be published. It has what finds the record in the stream, and no image: the
 * content of a message stays in the table and in the stream.
 */
export const RecordLetter = z.object({
  unpublishableRecord: z.object({
    streamArn: z.string(),
    sequenceNumber: z.string().regex(/^\d+$/),
    /** Of the item; they hold the customer's number, so the queue is encrypted. */
    keys: z.unknown(),
    /** The name of the fault and, for an item that does not parse, the paths in it. */
    reason: z.string(),
  }),
});
export type RecordLetter = z.infer<typeof RecordLetter>;

const keysOf = ({ dynamodb }: StreamRecord): unknown => {
  try {
    return readImage(dynamodb?.Keys) ?? {};
  } catch {
    return {};
  }
};

/** Describes the record and the fault without quoting any value of the item (R16). */
export const toRecordLetter = (record: StreamRecord, reason: string): string =>
  JSON.stringify({
    unpublishableRecord: {
      streamArn: record.eventSourceARN ?? '',
      sequenceNumber: record.dynamodb?.SequenceNumber ?? '0',
      keys: keysOf(record),
      reason,
    },
  } satisfies RecordLetter);
