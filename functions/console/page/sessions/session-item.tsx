import { hrefOf } from '../route.ts';
import { strings } from '../strings.ts';
import { initials, shownName } from '../ui/customer-name.ts';
import { ago, countdown, spokenDuration } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Ring, urgencyOf } from '../ui/ring.tsx';
import { secondsLeft, type Window } from './session-rows.ts';

interface SessionItemProps {
  readonly window: Window;
  readonly nowMs: number;
  readonly isSelected: boolean;
}

/** One open session: who it is, how long it stays open, whether someone waits. */
export const SessionItem = ({ window, nowMs, isSelected }: SessionItemProps) => {
  const left = secondsLeft(window, nowMs);
  const name = shownName(window);
  const title = name.text;
  const { channel, customer, lastInboundAt } = window;
  return (
    <a
      className={`session ${urgencyOf(left)}`}
      href={hrefOf({ channel, view: 'conversations', customer })}
      aria-current={isSelected ? 'true' : undefined}
    >
      <Ring remainingSeconds={left}>{initials(title) || <Icon name="user" size={16} />}</Ring>
      <span className="session-text">
        <span className="session-title">
          <bdi>{title}</bdi>
        </span>
        <span className="session-sub">
          {name.kind === 'user_id' && <span className="tag">{strings.sessions.userId}</span>}
          {lastInboundAt !== null && strings.sessions.wrote(ago(lastInboundAt, nowMs))}
        </span>
      </span>
      <span className="session-left">
        <span aria-hidden="true">{left === 0 ? strings.sessions.closed : countdown(left)}</span>
        <span className="visually-hidden">{strings.sessions.left(spokenDuration(left))}</span>
      </span>
    </a>
  );
};
