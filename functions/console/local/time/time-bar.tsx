import { useNow } from '../../page/api/use-now.ts';
import { fullTime, shortTime } from '../../page/ui/format.ts';
import { Icon } from '../../page/ui/icon.tsx';
import { callLocal } from '../call-local.ts';
import { type NextEvent, useLocal } from '../local-api.ts';
import type { LocalPanelsProps } from '../local-panels-props.ts';
import { localStrings } from '../local-strings.ts';
import { HappenedList } from './happened-list.tsx';
import { StateFile } from './state-file.tsx';
import { useMoves } from './use-moves.ts';
import { useSessionEnd } from './use-session-end.ts';

const strings = localStrings.time;

interface Next {
  readonly now: string;
  readonly next: NextEvent | null;
}

/** It reads every open session. */
const NEXT_POLL_MS = 5_000;

const secondsFrom = (at: string, seconds: number) => ({ now: new Date(Date.parse(at) + seconds * 1000).toISOString() });

/** What is overdue waits for the sweep alone. */
const toNext = ({ at }: NextEvent, nowMs: number) =>
  Date.parse(at) > nowMs ? secondsFrom(at, 0) : { advanceSeconds: 0 };

const readNext = async (): Promise<object> => {
  const { now, next } = await callLocal<Next>('GET', 'clock/next');
  return next === null ? { advanceSeconds: 0 } : toNext(next, Date.parse(now));
};

/** A day ahead of the machine's own clock is shown, so that no one wonders. */
const aheadOf = (nowMs: number): string | undefined => {
  const hours = Math.round((nowMs - Date.now()) / 3_600_000);
  if (hours < 1) return undefined;
  return strings.offset(hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`);
};

/** What is asked of the clock, or how to find it out. */
type Request = object | (() => Promise<object>);

interface Move {
  readonly label: string;
  /** Absent while there is nothing to go to. */
  readonly request?: Request | undefined;
  readonly title?: string | undefined;
}

interface Places {
  readonly end: string | undefined;
  readonly next: NextEvent | undefined;
  readonly nowMs: number;
}

const movesOf = ({ end, next, nowMs }: Places): readonly Move[] => {
  const aroundEnd = (label: string, seconds: number, why?: string): Move =>
    end === undefined ? { label } : { label, request: secondsFrom(end, seconds), title: why ?? shortTime(end, nowMs) };
  const toNextEvent: Move =
    next === undefined
      ? { label: strings.next, title: strings.nothingNext }
      : {
          label: strings.next,
          // What was read a moment ago may have been put off by a message.
          request: readNext,
          title: `${shortTime(next.at, nowMs)}: ${strings.events[next.what]}`,
        };
  return [
    { label: strings.hour, request: { advanceSeconds: 3_600 } },
    aroundEnd(strings.before, -30, strings.beforeWhy),
    aroundEnd(strings.end, 0),
    aroundEnd(strings.after, 1),
    toNextEvent,
    { label: strings.now, request: { reset: true } },
  ];
};

interface MoveButtonsProps extends LocalPanelsProps {
  readonly isMoving: boolean;
  readonly onMove: (request: Request) => void;
}

const MoveButtons = ({ channel, customer, isMoving, onMove }: MoveButtonsProps) => {
  const { data } = useLocal<Next>('clock/next', { pollMs: NEXT_POLL_MS });
  const end = useSessionEnd(channel, customer);
  const next = data?.next ?? undefined;
  const nowMs = useNow();
  return movesOf({ end, next, nowMs }).map(({ label, request, title }) => (
    <button
      key={label}
      type="button"
      className="button"
      title={title}
      disabled={request === undefined || isMoving}
      onClick={() => request !== undefined && onMove(request)}
    >
      {label}
    </button>
  ));
};

/** The service's clock, how to move it, what happened on the way, and the state as a file. */
export const TimeBar = (props: LocalPanelsProps) => {
  const nowMs = useNow();
  const { happened, isMoving, move, forget } = useMoves();
  const ahead = aheadOf(nowMs);
  return (
    <section className="time-bar" aria-label={strings.label}>
      <div className="time-moves">
        <Icon name="clock" />
        <time dateTime={new Date(nowMs).toISOString()}>{fullTime(nowMs)}</time>
        {ahead !== undefined && <span className="tag soon">{ahead}</span>}
        <MoveButtons {...props} isMoving={isMoving} onMove={(request) => void move(request)} />
        <StateFile />
      </div>
      {happened !== undefined && <HappenedList happened={happened} onDismiss={forget} />}
    </section>
  );
};
