import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { SessionItem } from './session-item.tsx';
import type { SessionRow } from './session-rows.ts';
import { useVisibleRows } from './use-session-rows.ts';

const ROW_HEIGHT = 68;
/** Rows from which on the next page is read. */
const NEAR_END = 30;

export interface SessionRowsViewProps {
  readonly channel: string;
  readonly rows: readonly SessionRow[];
  readonly selected: string | undefined;
  readonly nowMs: number;
  readonly onNearEnd: () => void;
}

/** The rows in front of the user, which are read again. */
const useVirtualRows = ({ channel, rows, selected, onNearEnd }: SessionRowsViewProps) => {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.window.customer ?? index,
    overscan: 3,
  });
  // Another choice moves the list; a row that moves by itself does not.
  const shown = useRef<string>(undefined);
  const selectedIndex = rows.findIndex(({ window }) => window.customer === selected);
  useEffect(() => {
    if (selectedIndex === -1 || shown.current === selected) return;
    shown.current = selected;
    virtual.scrollToIndex(selectedIndex, { align: 'auto' });
  });
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastIndex >= rows.length - NEAR_END) onNearEnd();
  }, [lastIndex, rows.length, onNearEnd]);
  const customers = items.flatMap(({ index }) => rows[index]?.window.customer ?? []);
  useVisibleRows(channel, customers);
  return { scroller, items, height: virtual.getTotalSize() };
};

/** Renders the rows in front of the user alone. */
export const SessionRowsView = (props: SessionRowsViewProps) => {
  const { rows, selected, nowMs } = props;
  const { scroller, items, height } = useVirtualRows(props);
  return (
    <div ref={scroller} className="session-scroll">
      <ul style={{ height }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          return (
            row !== undefined && (
              <li
                key={key}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)` }}
              >
                <SessionItem window={row.window} nowMs={nowMs} isSelected={row.window.customer === selected} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
};
