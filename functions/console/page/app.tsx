import { Suspense, useEffect, useState } from 'react';
import { useChannels } from './api/use-channels.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { NavRail } from './nav-rail.tsx';
import { useRoute, type View } from './route.ts';
import { SessionList } from './sessions/session-list.tsx';
import { strings } from './strings.ts';
import { EmptyState } from './ui/empty-state.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { IconToggle } from './ui/icon-toggle.tsx';
import { lazyPart } from './ui/lazy-part.ts';

/** Loaded once the list is shown, before anyone opens a conversation, which says so where that fails. */
const loadConversation = () => import('./conversation.tsx');
const Conversation = lazyPart(async () => (await loadConversation()).Conversation);

const UsageView = lazyPart(async () => (await import('./usage/usage-view.tsx')).UsageView);
const EventsView = lazyPart(async () => (await import('./events/events-view.tsx')).EventsView);

/** The panels of the local run: a chunk of their own, which the deployed page does not contain. */
const LocalPanels = IS_LOCAL
  ? lazyPart(async () => (await import('../local/local-panels.tsx')).LocalPanels)
  : undefined;

/** Wide enough for the phone beside the conversation. */
const WIDE = '(min-width: 1100px)';

interface ViewProps {
  readonly channel: string;
  readonly customer: string | undefined;
}

const Conversations = ({ channel, customer }: ViewProps) => (
  <main className={customer === undefined ? 'conversations' : 'conversations has-customer'}>
    <h1 className="visually-hidden">{strings.nav.conversations}</h1>
    <SessionList key={channel} channel={channel} selected={customer} />
    {customer === undefined ? (
      <div className="conversation none">
        <EmptyState icon="chat" title={strings.thread.pickTitle} text={strings.thread.pickText} />
      </div>
    ) : (
      <ErrorBoundary key={`${channel} ${customer}`} className="conversation none">
        <Suspense fallback={<div className="conversation none" />}>
          <Conversation conversation={{ channel, customer }} />
        </Suspense>
      </ErrorBoundary>
    )}
  </main>
);

const CurrentView = ({ view, channel, customer }: ViewProps & { readonly view: View }) => {
  if (view === 'usage') return <UsageView key={channel} channel={channel} />;
  if (view === 'events') return <EventsView key={channel} channel={channel} customer={customer} />;
  return <Conversations channel={channel} customer={customer} />;
};

/** What the page shows of a channel. */
const Views = ({ view, showsLocal, ...of }: ViewProps & { readonly view: View; readonly showsLocal: boolean }) => (
  <>
    <ErrorBoundary key={view} className="page">
      <Suspense>
        <CurrentView view={view} {...of} />
      </Suspense>
    </ErrorBoundary>
    {LocalPanels !== undefined && showsLocal && (
      <ErrorBoundary className="local-side">
        <Suspense>
          <LocalPanels {...of} />
        </Suspense>
      </ErrorBoundary>
    )}
  </>
);

/** The page of a user who is signed in. */
export const App = () => {
  const { channel, view, customer } = useRoute();
  const { data: channels = [], isError } = useChannels();
  const [showsLocal, setShowsLocal] = useState(() => LocalPanels !== undefined && matchMedia(WIDE).matches);
  const current = channel || channels[0]?.id;
  useEffect(() => void loadConversation().catch(() => undefined), []);
  return (
    <div className={showsLocal ? 'app local' : 'app'}>
      <ConnectionBanner />
      <NavRail channels={channels} channel={current} view={view}>
        {LocalPanels !== undefined && (
          <IconToggle
            icon="phone"
            label={strings.nav.phone}
            isOn={showsLocal}
            onToggle={() => setShowsLocal(!showsLocal)}
          />
        )}
      </NavRail>
      {isError && current === undefined && <p className="pad">{strings.start.noChannels}</p>}
      {current !== undefined && <Views view={view} channel={current} customer={customer} showsLocal={showsLocal} />}
    </div>
  );
};
