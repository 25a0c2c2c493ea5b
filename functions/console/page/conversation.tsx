import { useNow } from './api/use-now.ts';
import { Composer } from './composer/composer.tsx';
import { useCheck } from './composer/use-check.ts';
import { go } from './route.ts';
import { secondsLeft, type Window } from './sessions/session-rows.ts';
import { strings } from './strings.ts';
import { Thread } from './thread/thread.tsx';
import type { Conversation as Named } from './thread/use-thread.ts';
import { phoneNumber, shownName } from './ui/customer-name.ts';
import { countdown, shortTime } from './ui/format.ts';
import { Icon } from './ui/icon.tsx';
import { urgencyOf } from './ui/ring.tsx';

const WindowState = ({ window }: { readonly window: Window }) => {
  const nowMs = useNow();
  const left = secondsLeft(window, nowMs);
  const { expiresAt } = window;
  return (
    <p className={`window-state ${urgencyOf(left)}`}>
      <strong>{left > 0 ? `${strings.thread.open}, ${countdown(left)}` : strings.thread.closed}</strong>
      {expiresAt !== null && (
        <span className="muted">
          {left > 0
            ? strings.thread.closesAt(shortTime(expiresAt, nowMs))
            : strings.thread.closedAt(shortTime(expiresAt, nowMs))}
        </span>
      )}
    </p>
  );
};

const titleOf = ({ customer }: Named, window: Window | undefined): string => {
  if (window !== undefined) return shownName(window).text;
  return /^\+?[1-9]\d{6,14}$/.test(customer) ? phoneNumber(customer) : customer;
};

/** One customer's conversation: who it is, what was written, and what may be written now. */
export const Conversation = ({ conversation }: { readonly conversation: Named }) => {
  const check = useCheck(conversation);
  const window = check.data?.session;
  const { channel } = conversation;
  return (
    <section className="conversation" aria-label={strings.thread.label}>
      <header className="pane-header">
        <button
          type="button"
          className="icon-button back"
          aria-label={strings.thread.back}
          onClick={() => go({ channel, view: 'conversations' })}
        >
          <Icon name="arrow_left" />
        </button>
        <div className="conversation-title">
          <h2>
            <bdi>{titleOf(conversation, window)}</bdi>
          </h2>
          {window !== undefined && <WindowState window={window} />}
        </div>
      </header>
      <Thread conversation={conversation} />
      <Composer conversation={conversation} check={check.data} />
    </section>
  );
};
