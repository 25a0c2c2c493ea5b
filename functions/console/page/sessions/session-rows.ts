import type { components } from '../../../client/openapi.ts';

export type Window = components['schemas']['Window'];
export type ListedSession = components['schemas']['ListedSession'];

/** A window, and when it was read by the service's clock. */
export interface SessionRow {
  readonly window: ListedSession;
  readonly readAt: number;
  /** When it ends, in epoch milliseconds; 0 where it has no end. */
  readonly endMs: number;
}

/** What is known of the open sessions of a channel. */
export interface SessionRows {
  readonly rows: ReadonlyMap<string, SessionRow>;
  /** The cursor of the page that was not read yet; `undefined` once every page was read. */
  readonly next: string | undefined;
  /** The cursor of the last page that was read; `undefined` for the first. */
  readonly last: string | undefined;
}

export const NO_ROWS: SessionRows = { rows: new Map(), next: undefined, last: undefined };

const endOf = ({ expiresAt }: Window): number => (expiresAt === null ? 0 : Date.parse(expiresAt));

/** Rows of the same span that the page no longer has: their session has closed, moved or been erased. */
const isGone = ({ endMs, readAt }: SessionRow, span: { from: number; to: number; at: number }): boolean =>
  readAt < span.at && endMs >= span.from && endMs <= span.to;

/** Adds windows as they were read at a moment; a row that was read later stays. */
export const mergeWindows = (
  known: ReadonlyMap<string, SessionRow>,
  windows: readonly ListedSession[],
  readAt: number,
): ReadonlyMap<string, SessionRow> => {
  const rows = new Map(known);
  for (const window of windows)
    if ((rows.get(window.customer)?.readAt ?? 0) <= readAt)
      rows.set(window.customer, { window, readAt, endMs: endOf(window) });
  return rows;
};

/** Adds the windows of the customers that were asked for, in that order; one may answer under another name. */
export const mergeAsked = (
  known: ReadonlyMap<string, SessionRow>,
  asked: readonly string[],
  { windows, readAt }: { readonly windows: readonly ListedSession[]; readonly readAt: number },
): ReadonlyMap<string, SessionRow> => {
  const renamed = new Set(asked.filter((customer, index) => windows[index]?.customer !== customer));
  return mergeWindows(new Map([...known].filter(([customer]) => !renamed.has(customer))), windows, readAt);
};

export interface SessionPage {
  readonly sessions: readonly ListedSession[];
  readonly next?: string | undefined;
}

interface PageRead {
  /** The cursor with which it was read. */
  readonly cursor: string | undefined;
  readonly readAt: number;
}

/** Adds a page of the whole list, and forgets the rows of its span that it does not have. */
export const mergePage = (known: SessionRows, page: SessionPage, { cursor, readAt }: PageRead): SessionRows => {
  const ends = page.sessions.map(endOf);
  const span = {
    from: cursor === undefined ? 0 : Math.min(...ends),
    to: page.next === undefined ? Number.POSITIVE_INFINITY : Math.max(...ends),
    at: readAt,
  };
  const kept = new Map([...known.rows].filter(([, row]) => !isGone(row, span)));
  const isWhole = cursor === undefined && page.next === undefined;
  const isNewest = isWhole || cursor === known.last || (cursor !== undefined && cursor === known.next);
  return {
    rows: mergeWindows(kept, page.sessions, readAt),
    next: isNewest ? page.next : known.next,
    last: isNewest ? cursor : known.last,
  };
};

/** All rows, soonest to close on top. */
export const sortRows = ({ rows }: SessionRows): readonly SessionRow[] =>
  [...rows.values()].toSorted((one, other) => one.endMs - other.endMs);

/** The sorted rows whose window is open at a moment. */
export const openRows = (sorted: readonly SessionRow[], nowMs: number): readonly SessionRow[] =>
  sorted.filter(({ window, endMs }) => window.state === 'open' && endMs > nowMs);

/** Seconds until a window ends. */
export const secondsLeft = (window: Window, nowMs: number): number =>
  window.state === 'open' ? Math.max(0, Math.ceil((endOf(window) - nowMs) / 1000)) : 0;
