import { epochSeconds } from '../../domain/window.ts';
import { type DuePlace, parseDuePlace } from '../due/due-entry.ts';
import { type DueEntry, readDuePage } from '../due/due-index.ts';
import { sweptUntil } from '../due/find-due.ts';
import type { Table } from '../dynamo/client.ts';
import { sessionKey } from '../keys.ts';
import { type ClosingSpan, MOST_READ, type OpenSession, readOpenSessions } from './read-open-sessions.ts';

/** Entries of each shard that a step reads at least: reading fewer costs as much. */
const LEAST_ENTRIES = 25;

/** The second from which entries of open sessions can be in the index: while the sweep pauses, early ones stay behind. */
export const firstEntryAt = (table: Table, { channel, now }: ClosingSpan): Promise<number> => {
  const until = epochSeconds(now);
  return sweptUntil(table, { kind: 'closed', channel, until }).then((swept) => Math.min(swept, until));
};

/** A position in the order of the index. */
type Place = Pick<DueEntry, 'dueAt' | 'pk'>;

const isAfter = (one: Place, other: Place): boolean =>
  one.dueAt > other.dueAt || (one.dueAt === other.dueAt && one.pk > other.pk);

/** The sessions that were found, and up to which place these are all; a session whose entry has moved is at its present place. */
interface Found {
  readonly sessions: ReadonlyMap<string, OpenSession>;
  readonly reached: Place | undefined;
  /** How many are read next. */
  readonly size: number;
}

const placeOf = ({ channel }: ClosingSpan, { customer, dueAt }: DuePlace): Place => ({
  dueAt,
  pk: sessionKey(channel, customer).pk,
});

/** The sessions up to the place that was reached, in the order of the index. */
const inOrder = (span: ClosingSpan, { sessions, reached }: Found): readonly OpenSession[] =>
  [...sessions.values()]
    .filter((one) => reached !== undefined && !isAfter(placeOf(span, one), reached))
    .toSorted((one, other) => (isAfter(placeOf(span, one), placeOf(span, other)) ? 1 : -1));

/** Where the first ones have ended and wait for the sweep, many follow that have. */
const GROWTH = 4;

/** As many as are likely to hold the missing ones, by how many of the last entries were found open. */
const nextSize = (missing: number, { read, open }: { readonly read: number; readonly open: number }): number =>
  Math.min(MOST_READ, GROWTH * read, Math.ceil((missing * read) / Math.max(1, open)));

/** Reads the sessions of entries until there are `count`: first as many as are missing. */
const readUntil = async (
  table: Table,
  span: ClosingSpan,
  { entries, found, count }: { readonly entries: readonly DueEntry[]; readonly found: Found; readonly count: number },
): Promise<Found> => {
  let all = found;
  for (let from = 0; from < entries.length && inOrder(span, all).length < count; ) {
    const some = entries.slice(from, from + all.size);
    // A stale read would show a session with an end that it no longer has.
    const open = await readOpenSessions(table, span, { entries: some, consistent: true });
    from += some.length;
    const read: Found = {
      sessions: new Map([...all.sessions, ...open.map((one) => [one.customer, one] as const)]),
      reached: some.at(-1),
      size: all.size,
    };
    const missing = count - inOrder(span, read).length;
    all = { ...read, size: nextSize(missing, { read: some.length, open: open.length }) };
  }
  return all;
};

const END = '\uffff';

/** Finds the first open sessions after a place of the due index, at least `count` while there are any, in its order, each customer once. */
export const findClosing = async (
  table: Table,
  span: ClosingSpan,
  { count, after }: { readonly count: number; readonly after: string | undefined },
): Promise<readonly OpenSession[]> => {
  const place = after === undefined ? undefined : placeOf(span, parseDuePlace(after));
  let found: Found = { sessions: new Map(), reached: undefined, size: count };
  let from = place?.dueAt ?? (await firstEntryAt(table, span));
  while (from <= span.to) {
    const limit = Math.max(LEAST_ENTRIES, Math.ceil(found.size / 2));
    const { entries, completeTo } = await readDuePage(table, { ...span, from }, limit);
    const following = entries.filter((entry) => place === undefined || isAfter(entry, place));
    found = await readUntil(table, span, { entries: following, found, count });
    if (inOrder(span, found).length >= count) break;
    found = { ...found, reached: { dueAt: completeTo, pk: END } };
    from = completeTo + 1;
  }
  return inOrder(span, found);
};
