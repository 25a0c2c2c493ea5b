import pMap from 'p-map';
import { type CustomerState, toRecord } from '../customer/load-customer.ts';
import { dueBucketsBetween, duePlace, shareOf } from '../due/due-bucket.ts';
import { countBucket, readBucket } from '../due/due-index.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readBatch } from '../dynamo/read-items.ts';
import { CustomerItem } from '../items.ts';
import { customerKey } from '../keys.ts';
import { findClosing, MOST_QUERIES } from './find-closing.ts';
import { type Closing, type ClosingSpan, type OpenSession, readOpenSessions, spanOf } from './read-open-sessions.ts';

export interface ListClosing extends Closing {
  readonly limit: number;
  /** The place of the due index at which the previous page ended. */
  readonly after?: string | undefined;
}

export interface ClosingPage {
  readonly sessions: readonly CustomerState[];
  readonly next: string | undefined;
}

const withRecords = async (table: Table, channel: string, sessions: readonly OpenSession[]) => {
  const keys = sessions.map(({ customer }) => customerKey(channel, customer));
  const items = await readBatch(table, keys);
  return sessions.map(({ customer, session }): CustomerState & OpenSession => {
    const item = CustomerItem.parse(findItem(items, customerKey(channel, customer)) ?? {});
    return { customer, names: item.names ?? [], session, record: toRecord(item), profile: item.profile };
  });
};

const countOpen = async (table: Table, span: ClosingSpan, bucket: string): Promise<number> => {
  if (shareOf(bucket, span) === 1) return countBucket(table, bucket);
  const entries = await readBucket(table, bucket);
  return (await readOpenSessions(table, span, { entries, consistent: false })).length;
};

/** Finds the sessions that close soon, through the `byDue` index. */
export const createClosingStore = (table: Table) => ({
  /**
   * Lists one page: the soonest 5 minutes first, exactly ordered within the page. Its cost depends on the page and on the
   * due buckets that it spans, not on the number of open sessions.
   */
  listClosing: async ({ limit, after, ...closing }: ListClosing): Promise<ClosingPage> => {
    // One more than the page shows whether another page follows.
    const found = await findClosing(table, spanOf(closing), { count: limit + 1, after });
    const last = found.length > limit ? found[limit - 1] : undefined;
    const sessions = await withRecords(table, closing.channel, found.slice(0, limit));
    return {
      sessions: sessions.toSorted((one, other) => one.session.expiresAt - other.session.expiresAt),
      next: last && duePlace({ customer: last.customer, dueAt: last.session.expiresAt }),
    };
  },

  /** Counts them: whole buckets in the index, the first and the last 5 minutes session by session. */
  countClosing: async (closing: Closing): Promise<number> => {
    const span = spanOf(closing);
    const counts = await pMap(dueBucketsBetween(span), (bucket) => countOpen(table, span, bucket), {
      concurrency: MOST_QUERIES,
    });
    return counts.reduce((sum, count) => sum + count, 0);
  },
});
