import { dueBucket, dueBucketsBetween, parseDuePlace, shareOf } from '../due/due-bucket.ts';
import { type DueEntry, readBucketPage } from '../due/due-index.ts';
import type { Table } from '../dynamo/client.ts';
import { sessionKey } from '../keys.ts';
import { type ClosingSpan, MOST_READ, type OpenSession, readOpenSessions } from './read-open-sessions.ts';

/** Parallel queries: one for each shard at first, twice as many after each step that read its buckets to their end. */
const FIRST_QUERIES = 4;
export const MOST_QUERIES = 32;

/** A position in the due index, and the buckets that are still to read. */
interface Cursor {
  readonly buckets: readonly string[];
  /** The partition key of the last entry that was read in the first bucket. */
  readonly after: string | undefined;
  readonly queries: number;
}

const startAt = (span: ClosingSpan, after: string | undefined): Cursor => {
  const place = after === undefined ? undefined : parseDuePlace(after);
  const buckets = dueBucketsBetween({ ...span, from: Math.max(span.from, place?.dueAt ?? 0) });
  const index = place === undefined ? -1 : buckets.indexOf(dueBucket({ ...span, ...place }));
  return place === undefined || index === -1
    ? { buckets, after: undefined, queries: FIRST_QUERIES }
    : { buckets: buckets.slice(index), after: sessionKey(span.channel, place.customer).pk, queries: FIRST_QUERIES };
};

/** The next buckets of which the same share is within the span: of the first and the last bucket it is only a part. */
const nextBuckets = ({ buckets, queries }: Cursor, span: ClosingSpan) => {
  const next = buckets.slice(0, queries);
  const [share = 1, ...shares] = next.map((bucket) => shareOf(bucket, span));
  const other = shares.findIndex((one) => one !== share);
  return { share, next: other === -1 ? next : next.slice(0, other + 1) };
};

/** Continues after the last entry, or after so many buckets that were read to their end. */
const advance = (cursor: Cursor, last: DueEntry | undefined, read: number): Cursor =>
  last === undefined
    ? { buckets: cursor.buckets.slice(read), after: undefined, queries: Math.min(MOST_QUERIES, cursor.queries * 2) }
    : { ...cursor, buckets: cursor.buckets.slice(cursor.buckets.indexOf(last.dueBucket)), after: last.pk };

interface Step {
  readonly cursor: Cursor;
  /** How many sessions are still to find. */
  readonly missing: number;
}

/** Reads as many index entries as are likely to contain the missing sessions, in the order of the index. */
const readStep = async (table: Table, span: ClosingSpan, { cursor, missing }: Step) => {
  const { next, share } = nextBuckets(cursor, span);
  const limit = Math.min(MOST_READ, Math.ceil(missing / share));
  const pages = await Promise.all(
    next.map((bucket, index) =>
      readBucketPage(table, bucket, { limit, after: index === 0 ? cursor.after : undefined }),
    ),
  );
  const entries = pages.flat().slice(0, limit);
  const rest = advance(cursor, entries.length < limit ? undefined : entries.at(-1), next.length);
  // A stale read would show a session with an end that it no longer has.
  return { rest, found: await readOpenSessions(table, span, { entries, consistent: true }) };
};

/** Each customer once, as read last: a session that moves to a later bucket while the index is read is found in both. */
const lastOfEach = (found: readonly OpenSession[]): readonly OpenSession[] => {
  const last = new Map(found.map((one) => [one.customer, one]));
  return found.filter((one) => last.get(one.customer) === one);
};

/** Finds the first open sessions after a place of the due index, at least `count` while there are any, in its order, each customer once. */
export const findClosing = async (
  table: Table,
  span: ClosingSpan,
  { count, after }: { readonly count: number; readonly after: string | undefined },
): Promise<readonly OpenSession[]> => {
  let found: readonly OpenSession[] = [];
  let cursor = startAt(span, after);
  while (found.length < count && cursor.buckets.length > 0) {
    const step = await readStep(table, span, { cursor, missing: count - found.length });
    found = lastOfEach([...found, ...step.found]);
    cursor = step.rest;
  }
  return found;
};
