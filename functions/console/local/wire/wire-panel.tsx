import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { timeOfDay } from '../../page/ui/format.ts';
import { Icon } from '../../page/ui/icon.tsx';
import { callLocal } from '../call-local.ts';
import { useLocal, type WireEntry } from '../local-api.ts';
import { localStrings } from '../local-strings.ts';
import { WireDialog } from './wire-dialog.tsx';

const strings = localStrings.wire;

/** The most that are shown; the state as a file has all. */
const SHOWN = 200;

const toneOf = ({ status }: WireEntry): string => {
  if (status === null) return 'soon';
  return status < 300 ? '' : 'now';
};

const Row = ({ entry, onOpen }: { readonly entry: WireEntry; readonly onOpen: () => void }) => (
  <li>
    <button type="button" onClick={onOpen}>
      <span className={`wire-way ${entry.kind}`}>
        <Icon name="arrow_left" size={14} />
        {entry.kind === 'webhook' ? strings.in : strings.out}
      </span>
      <span className={`tag ${toneOf(entry)}`}>{entry.status ?? strings.unanswered}</span>
      <time dateTime={entry.at}>{timeOfDay(entry.at)}</time>
      <span className="wire-path">
        {entry.method} {entry.path}
      </span>
      <span className={`wire-signature ${entry.signature}`}>{strings.signature[entry.signature]}</span>
      {entry.milliseconds !== null && <span className="muted">{entry.milliseconds} ms</span>}
    </button>
  </li>
);

/** Every webhook and every provider call, the newest on top. */
export const WirePanel = () => {
  const { data } = useLocal<{ readonly entries: readonly WireEntry[] }>('wire');
  const queries = useQueryClient();
  const [opened, setOpened] = useState<WireEntry>();
  const entries = data?.entries ?? [];
  const clear = async () => {
    await callLocal('DELETE', 'wire');
    await queries.invalidateQueries({ queryKey: ['local', 'wire'] });
  };
  return (
    <div className="local-pad">
      {entries.length === 0 ? (
        <p className="muted">{strings.empty}</p>
      ) : (
        <button type="button" className="button wire-clear" onClick={() => void clear()}>
          {strings.clear}
        </button>
      )}
      <ul className="wire" aria-label={strings.label}>
        {entries
          .slice(-SHOWN)
          .toReversed()
          .map((entry) => (
            <Row key={entry.id} entry={entry} onOpen={() => setOpened(entry)} />
          ))}
      </ul>
      {opened !== undefined && <WireDialog entry={opened} onClose={() => setOpened(undefined)} />}
    </div>
  );
};
