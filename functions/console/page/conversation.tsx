import { type ReactNode, Suspense, useState } from 'react';
import { useNow } from './api/use-now.ts';
import { Composer } from './composer/composer.tsx';
import { useCheck } from './composer/use-check.ts';
import { hrefOf } from './route.ts';
import { secondsLeft, type Window } from './sessions/session-rows.ts';
import { strings } from './strings.ts';
import { Thread } from './thread/thread.tsx';
import { type Conversation as Named, useThread } from './thread/use-thread.ts';
import { phoneNumber, shownName } from './ui/customer-name.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { countdown, shortTime } from './ui/format.ts';
import { Icon } from './ui/icon.tsx';
import { IconToggle } from './ui/icon-toggle.tsx';
import { lazyPart } from './ui/lazy-part.ts';
import { urgencyOf } from './ui/ring.tsx';
import { useShortcut } from './ui/shortcuts.ts';

const CustomerPane = lazyPart(async () => (await import('./customer/customer-pane.tsx')).CustomerPane);

const WindowState = ({ window }: { readonly window: Window }) => {
  const nowMs = useNow();
  const left = secondsLeft(window, nowMs);
  const { expiresAt } = window;
  const end = expiresAt === null ? undefined : shortTime(expiresAt, nowMs);
  return (
    <p className={`window-state ${urgencyOf(left)}`}>
      <strong>{left > 0 ? strings.thread.open(countdown(left)) : strings.thread.closed}</strong>
      {end === undefined && <span className="muted">{strings.thread.neverOpen}</span>}
      {end !== undefined && (
        <span className="muted">{left > 0 ? strings.thread.closesAt(end) : strings.thread.closedAt(end)}</span>
      )}
    </p>
  );
};

const numberOf = ({ customer }: Named, window: Window | undefined): string => {
  if (window !== undefined) return shownName(window).text;
  return /^\+?[1-9]\d{6,14}$/.test(customer) ? phoneNumber(customer) : customer;
};

interface HeaderProps {
  readonly conversation: Named;
  readonly window: Window | undefined;
  readonly children: ReactNode;
}

const Header = ({ conversation, window, children }: HeaderProps) => {
  const { channel } = conversation;
  const number = numberOf(conversation, window);
  const name = useThread(conversation).messages.findLast(({ profileName }) => profileName !== undefined)?.profileName;
  return (
    <header className="pane-header">
      <a
        className="icon-button back"
        aria-label={strings.thread.back}
        href={hrefOf({ channel, view: 'conversations' })}
      >
        <Icon name="arrow_left" />
      </a>
      <div className="conversation-title">
        <h2>
          <bdi>{name ?? number}</bdi> {name !== undefined && <bdi className="conversation-number">{number}</bdi>}
        </h2>
        {window !== undefined && <WindowState window={window} />}
      </div>
      {window !== undefined && window.owner !== null && (
        <span className="tag">{strings.owner.kinds[window.owner.kind]}</span>
      )}
      {children}
    </header>
  );
};

/** One customer's conversation: who it is, what was written, and what may be written now. */
export const Conversation = ({ conversation }: { readonly conversation: Named }) => {
  const check = useCheck(conversation);
  const [showsCustomer, setShowsCustomer] = useState(false);
  const toggle = () => setShowsCustomer((shows) => !shows);
  useShortcut('i', toggle);
  return (
    <section
      className={showsCustomer ? 'conversation with-customer' : 'conversation'}
      aria-label={strings.thread.label}
    >
      <Header conversation={conversation} window={check.data?.session}>
        <IconToggle icon="user" label={strings.customer.show} isOn={showsCustomer} onToggle={toggle} />
      </Header>
      <Thread conversation={conversation} />
      <Composer conversation={conversation} check={check.data} checkError={check.error} />
      {showsCustomer && (
        <ErrorBoundary className="customer-pane">
          <Suspense>
            <CustomerPane conversation={conversation} onClose={toggle} />
          </Suspense>
        </ErrorBoundary>
      )}
    </section>
  );
};
