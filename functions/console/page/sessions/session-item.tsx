import { hrefOf } from '../route.ts';
import { strings } from '../strings.ts';
import { initials, shownName } from '../ui/customer-name.ts';
import { ago, countdown, spokenDuration } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Ring, urgencyOf } from '../ui/ring.tsx';
import { isUnanswered } from './session-filter.ts';
import { type ListedSession, secondsLeft } from './session-rows.ts';

interface SessionItemProps {
  readonly window: ListedSession;
  readonly nowMs: number;
  readonly isSelected: boolean;
}

/** What the customer is called: as the provider reports it, else by number or user id. */
const Title = ({ window }: Pick<SessionItemProps, 'window'>) => {
  const { kind, text } = shownName(window);
  return (
    <span className="session-title">
      <bdi>{window.profile?.name ?? text}</bdi>
      {kind === 'user_id' && <span className="tag">{strings.sessions.userId}</span>}
    </span>
  );
};

/** The number of a customer whose name stands above it. */
const PhoneNumber = ({ window }: Pick<SessionItemProps, 'window'>) => {
  const { kind, text } = shownName(window);
  return window.profile?.name !== undefined && kind === 'number' && <bdi className="session-number">{text}</bdi>;
};

const Waiting = ({ window, nowMs }: Pick<SessionItemProps, 'window' | 'nowMs'>) => {
  const { lastInboundAt, lastAnswerAt } = window;
  if (isUnanswered(window))
    return <span className="unanswered">{strings.sessions.waits(ago(lastInboundAt ?? '', nowMs))}</span>;
  return <span>{lastAnswerAt !== null && strings.sessions.answered(ago(lastAnswerAt, nowMs))}</span>;
};

/** One open session: who it is, how long it stays open, whether someone waits. */
export const SessionItem = ({ window, nowMs, isSelected }: SessionItemProps) => {
  const left = secondsLeft(window, nowMs);
  const { channel, customer, owner } = window;
  return (
    <a
      className={`session ${urgencyOf(left)}`}
      href={hrefOf({ channel, view: 'conversations', customer })}
      aria-current={isSelected ? 'true' : undefined}
    >
      <Ring remainingSeconds={left}>{initials(window.profile?.name ?? '') || <Icon name="user" size={16} />}</Ring>
      <span className="session-text">
        <Title window={window} />
        <span className="session-sub">
          <Waiting window={window} nowMs={nowMs} />
          <PhoneNumber window={window} />
          {owner !== null && <span className="tag">{strings.owner.kinds[owner.kind]}</span>}
        </span>
      </span>
      <span className="session-left">
        <span aria-hidden="true">{left === 0 ? strings.sessions.closed : countdown(left)}</span>
        <span className="visually-hidden">{strings.sessions.left(spokenDuration(left))}</span>
      </span>
    </a>
  );
};
