import pMap from 'p-map';
import type { CustomerKey } from '../../domain/customer.ts';
import { epochSeconds, isOpen } from '../../domain/window.ts';
import { type CustomerState, toRecord } from '../customer/load-customer.ts';
import { countEntries, type DueEntry, entriesIn, firstEntries } from '../due/due-index.ts';
import { chunk, findItem, MAX_KEYS, readBatch } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { CustomerItem, type SessionItem, SessionRow } from '../items.ts';
import {
  customerKey,
  type DueSpan,
  dueBucket,
  dueBucketsBetween,
  duePlace,
  nameOfItem,
  placeOf,
  sessionKey,
  shareOf,
} from '../keys.ts';

/** Queries side by side: those of one slot at first, twice as many after each step that came to its end. */
const FIRST_QUERIES = 4;
const MOST_QUERIES = 32;

/** Sessions read in one step, a hundred in each of the reads side by side. */
const READS = 4;
const MOST_READ = READS * MAX_KEYS;

/** The open sessions of a channel that end after now, and at most that many seconds from now. */
export interface Closing {
  readonly channel: string;
  readonly now: Date;
  readonly withinSeconds: number;
}

export interface ListClosing extends Closing {
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: string | undefined;
}

export interface ClosingPage {
  readonly sessions: readonly CustomerState[];
  readonly next: string | undefined;
}

interface Span extends DueSpan {
  readonly now: Date;
}

const spanOf = ({ channel, now, withinSeconds }: Closing): Span => ({
  kind: 'session',
  channel,
  now,
  from: epochSeconds(now) + 1,
  to: epochSeconds(now) + withinSeconds,
});

interface OpenSession {
  readonly customer: CustomerKey;
  readonly session: SessionItem;
}

const toOpen = (span: Span, entry: DueEntry, item: unknown): readonly OpenSession[] => {
  const name = nameOfItem(entry);
  const { data: session } = SessionRow.safeParse(item);
  if (name?.kind !== 'session' || session === undefined || 'movedTo' in session) return [];
  const { customer } = name;
  const isHere = dueBucket({ ...span, customer, dueAt: session.expiresAt }) === entry.dueBucket;
  return isHere && isOpen(session, span.now) && session.expiresAt <= span.to ? [{ customer, session }] : [];
};

interface Reading {
  readonly entries: readonly DueEntry[];
  readonly consistent: boolean;
}

/** Those that are open, end within the span and stand where the index says: it lags, and knows 5-minute slots alone. */
const openAmong = async (table: Table, span: Span, { entries, consistent }: Reading) => {
  const readSome = async (some: readonly DueEntry[]) => {
    const keys = some.map(({ pk, sk }) => ({ pk, sk }));
    const items = await readBatch(table, keys, consistent);
    return some.flatMap((entry) => toOpen(span, entry, findItem(items, entry)));
  };
  return (await pMap(chunk(entries, MAX_KEYS), readSome, { concurrency: READS })).flat();
};

/** What is left to look at. */
interface Walk {
  readonly buckets: readonly string[];
  /** Where the first bucket was left. */
  readonly after: string | undefined;
  readonly queries: number;
}

const beginWalk = (span: Span, after: string | undefined): Walk => {
  const place = after === undefined ? undefined : placeOf(after);
  const buckets = dueBucketsBetween({ ...span, from: Math.max(span.from, place?.dueAt ?? 0) });
  const at = place === undefined ? -1 : buckets.indexOf(dueBucket({ ...span, ...place }));
  return place === undefined || at === -1
    ? { buckets, after: undefined, queries: FIRST_QUERIES }
    : { buckets: buckets.slice(at), after: sessionKey(span.channel, place.customer).pk, queries: FIRST_QUERIES };
};

/** The next buckets, as far as the same share of each lies in the span: of the first and the last slot it is a part. */
const lookAhead = ({ buckets, queries }: Walk, span: Span) => {
  const ahead = buckets.slice(0, queries);
  const [share = 1, ...shares] = ahead.map((bucket) => shareOf(bucket, span));
  const other = shares.findIndex((one) => one !== share);
  return { share, ahead: other === -1 ? ahead : ahead.slice(0, other + 1) };
};

/** Goes on behind the last entry, or behind the buckets that were read to their end. */
const goOn = (walk: Walk, last: DueEntry | undefined, read: number): Walk =>
  last === undefined
    ? { buckets: walk.buckets.slice(read), after: undefined, queries: Math.min(MOST_QUERIES, walk.queries * 2) }
    : { ...walk, buckets: walk.buckets.slice(walk.buckets.indexOf(last.dueBucket)), after: last.pk };

/** One step: reads as many sessions as are likely to hold those that are missing, in the order of the index. */
const takeStep = async (table: Table, span: Span, { walk, missing }: { walk: Walk; missing: number }) => {
  const { ahead, share } = lookAhead(walk, span);
  const limit = Math.min(MOST_READ, Math.ceil(missing / share));
  const parts = await Promise.all(
    ahead.map((bucket, index) => firstEntries(table, bucket, { limit, after: index === 0 ? walk.after : undefined })),
  );
  const entries = parts.flat().slice(0, limit);
  const rest = goOn(walk, entries.length < limit ? undefined : entries.at(-1), ahead.length);
  // A stale read would show a session under an end that it no longer has.
  return { rest, found: await openAmong(table, span, { entries, consistent: true }) };
};

/** The first so many open sessions behind a place, in the order of the index. */
const findOpen = async (table: Table, span: Span, { count, after }: { count: number; after: string | undefined }) => {
  const found: OpenSession[] = [];
  let walk = beginWalk(span, after);
  while (found.length < count && walk.buckets.length > 0) {
    const step = await takeStep(table, span, { walk, missing: count - found.length });
    found.push(...step.found);
    walk = step.rest;
  }
  return found;
};

const withRecords = async (table: Table, channel: string, sessions: readonly OpenSession[]) => {
  const keys = sessions.map(({ customer }) => customerKey(channel, customer));
  const items = await readBatch(table, keys);
  return sessions.map(({ customer, session }): CustomerState & OpenSession => {
    const record = toRecord(CustomerItem.parse(findItem(items, customerKey(channel, customer)) ?? {}));
    return { customer, session, record };
  });
};

const countOpen = async (table: Table, span: Span, bucket: string): Promise<number> => {
  if (shareOf(bucket, span) === 1) return countEntries(table, bucket);
  const entries = await entriesIn(table, bucket);
  return (await openAmong(table, span, { entries, consistent: false })).length;
};

/** Finds the sessions that close soon, through the `byDue` index. */
export const createClosingStore = (table: Table) => ({
  /**
   * One page: the soonest 5-minute slot first, exactly ordered within the page. What it costs depends on the page and on
   * the slots that it spans, not on how many sessions are open.
   */
  listClosing: async ({ limit, after, ...closing }: ListClosing): Promise<ClosingPage> => {
    // One more than is shown tells whether another page follows.
    const found = await findOpen(table, spanOf(closing), { count: limit + 1, after });
    const last = found.length > limit ? found[limit - 1] : undefined;
    const sessions = await withRecords(table, closing.channel, found.slice(0, limit));
    return {
      sessions: sessions.toSorted((one, other) => one.session.expiresAt - other.session.expiresAt),
      next: last && duePlace({ customer: last.customer, dueAt: last.session.expiresAt }),
    };
  },

  /** How many there are: whole slots are counted in the index, the first and the last one session by session. */
  countClosing: async (closing: Closing): Promise<number> => {
    const span = spanOf(closing);
    const counts = await pMap(dueBucketsBetween(span), (bucket) => countOpen(table, span, bucket), {
      concurrency: MOST_QUERIES,
    });
    return counts.reduce((sum, count) => sum + count, 0);
  },
});
