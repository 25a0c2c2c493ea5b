import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useNow } from '../api/use-now.ts';
import { strings } from '../strings.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { SessionItem } from './session-item.tsx';
import { openRows, type SessionRow } from './session-rows.ts';
import { useSessionRows, useVisibleRows } from './use-session-rows.ts';

const ROW_HEIGHT = 68;
/** Rows from which on the next page is read. */
const NEAR_END = 30;
const FIRST_PAGE = 100;

interface RowsProps {
  readonly channel: string;
  readonly rows: readonly SessionRow[];
  readonly selected: string | undefined;
  readonly nowMs: number;
  readonly onNearEnd: () => void;
}

/** Only the rows in front of the user are rendered. */
const Rows = ({ channel, rows, selected, nowMs, onNearEnd }: RowsProps) => {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.window.customer ?? index,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastIndex >= rows.length - NEAR_END) onNearEnd();
  }, [lastIndex, rows.length, onNearEnd]);
  const beyond = items.filter(({ index }) => index >= FIRST_PAGE);
  useVisibleRows(
    channel,
    beyond.flatMap(({ index }) => rows[index]?.window.customer ?? []),
  );
  return (
    <div ref={scroller} className="session-scroll">
      <ul style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          return (
            row !== undefined && (
              <li key={key} style={{ transform: `translateY(${start}px)` }}>
                <SessionItem window={row.window} nowMs={nowMs} isSelected={row.window.customer === selected} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
};

interface SessionListProps {
  readonly channel: string;
  readonly selected: string | undefined;
}

/** The open sessions of a channel, soonest to close on top. */
export const SessionList = ({ channel, selected }: SessionListProps) => {
  const nowMs = useNow();
  const { rows, poll, readNext } = useSessionRows(channel);
  const open = useMemo(() => openRows(rows, nowMs), [rows, nowMs]);
  const isReading = useRef(false);
  const onNearEnd = () => {
    if (isReading.current || rows.next === undefined) return;
    isReading.current = true;
    void readNext().finally(() => {
      isReading.current = false;
    });
  };
  return (
    <section className="sessions" aria-label={strings.sessions.label}>
      <header className="pane-header">
        <h1>{strings.sessions.label}</h1>
        <span className="muted">{strings.sessions.count(open.length, rows.next !== undefined)}</span>
      </header>
      {poll.isPending && <p className="muted pad">{strings.sessions.loading}</p>}
      {poll.isError && open.length === 0 && <p className="muted pad">{strings.sessions.failed}</p>}
      {poll.isSuccess && open.length === 0 ? (
        <EmptyState icon="chat" title={strings.sessions.emptyTitle} text={strings.sessions.emptyText} />
      ) : (
        <Rows channel={channel} rows={open} selected={selected} nowMs={nowMs} onNearEnd={onNearEnd} />
      )}
    </section>
  );
};
