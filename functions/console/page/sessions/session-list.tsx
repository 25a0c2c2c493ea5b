import { useCallback, useMemo, useRef, useState } from 'react';
import { useNow } from '../api/use-now.ts';
import { strings } from '../strings.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Icon } from '../ui/icon.tsx';
import { FirstSteps } from './first-steps.tsx';
import { FoundList } from './found-list.tsx';
import { InDoubtList } from './in-doubt-list.tsx';
import { type Filter, filterRows } from './session-filter.ts';
import { openRows, type SessionRow, sortRows } from './session-rows.ts';
import { SessionRowsView } from './session-rows-view.tsx';
import { SessionSearch } from './session-search.tsx';
import { useClosingAlerts } from './use-closing-alerts.ts';
import { useListKeys } from './use-list-keys.ts';
import { useSessionRows } from './use-session-rows.ts';

interface SessionListProps {
  readonly channel: string;
  readonly selected: string | undefined;
}

/** Reads one page at a time. */
const useOneByOne = (read: () => Promise<unknown>, hasNext: boolean) => {
  const isReading = useRef(false);
  return useCallback(() => {
    if (isReading.current || !hasNext) return;
    isReading.current = true;
    read()
      .catch(() => undefined)
      .finally(() => {
        isReading.current = false;
      });
  }, [read, hasNext]);
};

interface HeaderProps {
  readonly open: readonly SessionRow[];
  readonly nowMs: number;
  readonly hasMore: boolean;
}

const Header = ({ open, nowMs, hasMore }: HeaderProps) => {
  const { isEnabled, toggle } = useClosingAlerts(open, nowMs);
  const label = isEnabled ? strings.sessions.notifyOff : strings.sessions.notifyOn;
  return (
    <header className="pane-header">
      <h2>{strings.sessions.label}</h2>
      <span className="muted">{strings.sessions.count(open.length, hasMore)}</span>
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-pressed={isEnabled}
        onClick={() => void toggle()}
      >
        <Icon name="bell" />
      </button>
    </header>
  );
};

const NothingOpen = ({ isFiltered }: { readonly isFiltered: boolean }) =>
  isFiltered ? (
    <EmptyState icon="search" title={strings.sessions.noneTitle} text={strings.sessions.noneText} />
  ) : (
    <EmptyState icon="chat" title={strings.sessions.emptyTitle} text={strings.sessions.emptyText}>
      {IS_LOCAL && <FirstSteps />}
    </EmptyState>
  );

/** What the user wants to see of the list. */
const useWanted = () => {
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const [submitted, setSubmitted] = useState('');
  const onSearch = (text: string) => {
    setSearch(text);
    setSubmitted('');
  };
  return { filter, setFilter, search, onSearch, submitted, submit: () => setSubmitted(search.trim()) };
};

const useRows = (channel: string, { filter, search }: { readonly filter: Filter; readonly search: string }) => {
  const nowMs = useNow();
  const { rows, poll, readNext } = useSessionRows(channel);
  const hasMore = rows.next !== undefined;
  const onNearEnd = useOneByOne(readNext, hasMore);
  const sorted = useMemo(() => sortRows(rows), [rows]);
  const open = useMemo(() => openRows(sorted, nowMs), [sorted, nowMs]);
  const shown = useMemo(() => filterRows(open, { filter, search }, nowMs), [open, filter, search, nowMs]);
  return { nowMs, open, shown, hasMore, onNearEnd, poll };
};

interface BodyProps extends SessionListProps {
  readonly list: ReturnType<typeof useRows>;
  readonly isSearching: boolean;
}

const Body = ({ channel, selected, list, isSearching }: BodyProps) => {
  const { nowMs, open, shown, hasMore, onNearEnd, poll } = list;
  if (poll.isPending) return <p className="muted pad">{strings.sessions.loading}</p>;
  if (poll.isError && open.length === 0) return <p className="muted pad">{strings.sessions.failed}</p>;
  if (shown.length === 0 && !hasMore) return <NothingOpen isFiltered={open.length > 0 || isSearching} />;
  return <SessionRowsView channel={channel} rows={shown} selected={selected} nowMs={nowMs} onNearEnd={onNearEnd} />;
};

/** The open sessions of a channel, soonest to close on top. */
export const SessionList = ({ channel, selected }: SessionListProps) => {
  const { filter, setFilter, search, onSearch, submitted, submit } = useWanted();
  const list = useRows(channel, { filter, search });
  useListKeys(list.shown, selected);
  return (
    <section className="sessions" aria-label={strings.sessions.label}>
      <Header open={list.open} nowMs={list.nowMs} hasMore={list.hasMore} />
      <SessionSearch search={search} onSearch={onSearch} onSubmit={submit} filter={filter} onFilter={setFilter} />
      {submitted !== '' && <FoundList channel={channel} text={submitted} />}
      {filter === 'in_doubt' ? (
        <InDoubtList channel={channel} />
      ) : (
        <Body channel={channel} selected={selected} list={list} isSearching={search !== ''} />
      )}
    </section>
  );
};
