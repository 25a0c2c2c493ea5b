import { epochSeconds } from '../../domain/window.ts';
import { type CustomerState, toRecord } from '../customer/load-customer.ts';
import { duePlace } from '../due/due-entry.ts';
import { countDue, readDue } from '../due/due-index.ts';
import { sweptUntil } from '../due/find-due.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readBatch } from '../dynamo/read-items.ts';
import { CustomerItem } from '../items.ts';
import { customerKey } from '../keys.ts';
import { findClosing, firstEntryAt } from './find-closing.ts';
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
  return sessions.map(({ customer, session }): CustomerState & Pick<OpenSession, 'session'> => {
    const item = CustomerItem.parse(findItem(items, customerKey(channel, customer)) ?? {});
    return { customer, names: item.names ?? [], session, record: toRecord(item), profile: item.profile };
  });
};

const countRead = async (table: Table, span: ClosingSpan, part: Partial<ClosingSpan>): Promise<number> => {
  const entries = await readDue(table, { ...span, ...part });
  return (await readOpenSessions(table, span, { entries, consistent: false })).length;
};

/** Finds the sessions that close soon, through the `byDueAt` index. */
export const createClosingStore = (table: Table) => ({
  /**
   * Lists one page: exactly ordered within the page, and over all pages as far ahead as the sweep keeps entries exact; later
   * pages follow the index, whose entries may be early. Its cost depends on the page, not on the number of open sessions.
   */
  listClosing: async ({ limit, after, ...closing }: ListClosing): Promise<ClosingPage> => {
    // One more than the page shows whether another page follows.
    const found = await findClosing(table, spanOf(closing), { count: limit + 1, after });
    const last = found.length > limit ? found[limit - 1] : undefined;
    const sessions = await withRecords(table, closing.channel, found.slice(0, limit));
    return {
      sessions: sessions.toSorted((one, other) => one.session.expiresAt - other.session.expiresAt),
      next: last && duePlace(last),
    };
  },

  /** Counts them: in the index as far ahead as the sweep keeps entries exact, session by session before now and after that. */
  countClosing: async (closing: Closing): Promise<number> => {
    const span = spanOf(closing);
    const now = epochSeconds(closing.now);
    const first = await firstEntryAt(table, span);
    const swept = await sweptUntil(table, { kind: 'exact', channel: closing.channel, since: now, until: now });
    const exactTo = Math.min(span.to, swept);
    const counts = await Promise.all([
      countRead(table, span, { from: first, to: now }),
      countDue(table, { ...span, from: now + 1, to: exactTo }),
      countRead(table, span, { from: exactTo + 1 }),
    ]);
    return counts.reduce((sum, count) => sum + count, 0);
  },
});
