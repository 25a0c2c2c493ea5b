import pMap from 'p-map';
import type { CustomerKey } from '../../domain/customer.ts';
import { epochSeconds, isOpen } from '../../domain/window.ts';
import { type DueSpan, dueAtOf } from '../due/due-entry.ts';
import type { DueEntry } from '../due/due-index.ts';
import type { Table } from '../dynamo/client.ts';
import { chunk, findItem, MAX_KEYS, readBatch } from '../dynamo/read-items.ts';
import { type SessionItem, SessionRow } from '../items.ts';
import { nameOfItem } from '../keys.ts';

/** Parallel reads of one step, 100 sessions each. */
const READS = 4;
/** Sessions that one step reads. */
export const MOST_READ = READS * MAX_KEYS;

/** The open sessions of a channel that end after now, and at most so many seconds from now. */
export interface Closing {
  readonly channel: string;
  readonly now: Date;
  readonly withinSeconds: number;
}

export interface ClosingSpan extends DueSpan {
  readonly now: Date;
}

export const spanOf = ({ channel, now, withinSeconds }: Closing): ClosingSpan => ({
  kind: 'session',
  channel,
  now,
  from: epochSeconds(now) + 1,
  to: epochSeconds(now) + withinSeconds,
});

export interface OpenSession {
  readonly customer: CustomerKey;
  readonly session: SessionItem;
  /** The second of its entry in the index. */
  readonly dueAt: number;
}

const toOpen = (span: ClosingSpan, entry: DueEntry, item: unknown): readonly OpenSession[] => {
  const name = nameOfItem(entry);
  const { data: session } = SessionRow.safeParse(item);
  if (name?.kind !== 'session' || session === undefined || 'movedTo' in session) return [];
  const { customer } = name;
  const dueAt = dueAtOf(item) ?? entry.dueAt;
  return isOpen(session, span.now) && session.expiresAt <= span.to ? [{ customer, session, dueAt }] : [];
};

interface ReadOpen {
  readonly entries: readonly DueEntry[];
  readonly consistent: boolean;
}

/** Reads the sessions of index entries that are open and end within the span: an entry may be early, and the index lags. */
export const readOpenSessions = async (
  table: Table,
  span: ClosingSpan,
  { entries, consistent }: ReadOpen,
): Promise<readonly OpenSession[]> => {
  const readSome = async (some: readonly DueEntry[]) => {
    const keys = some.map(({ pk, sk }) => ({ pk, sk }));
    const items = await readBatch(table, keys, consistent);
    return some.flatMap((entry) => toOpen(span, entry, findItem(items, entry)));
  };
  return (await pMap(chunk(entries, MAX_KEYS), readSome, { concurrency: READS })).flat();
};
