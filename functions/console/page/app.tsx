import { lazy, Suspense } from 'react';
import { useChannels } from './api/use-channels.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { Conversation } from './conversation.tsx';
import { NavRail } from './nav-rail.tsx';
import { useRoute } from './route.ts';
import { SessionList } from './sessions/session-list.tsx';
import { strings } from './strings.ts';
import { EmptyState } from './ui/empty-state.tsx';

/** The panels of the local run: a chunk of their own, which the deployed page does not contain. */
const LocalPanels = IS_LOCAL
  ? lazy(async () => ({ default: (await import('../local/local-panels.tsx')).LocalPanels }))
  : undefined;

const Conversations = ({ channel, customer }: { readonly channel: string; readonly customer?: string | undefined }) => (
  <main className={customer === undefined ? 'conversations' : 'conversations has-customer'}>
    <SessionList key={channel} channel={channel} selected={customer} />
    {customer === undefined ? (
      <div className="conversation none">
        <EmptyState icon="chat" title={strings.thread.pickTitle} text={strings.thread.pickText} />
      </div>
    ) : (
      <Conversation key={`${channel} ${customer}`} conversation={{ channel, customer }} />
    )}
  </main>
);

/** The page of a user who is signed in. */
export const App = () => {
  const { channel, view, customer } = useRoute();
  const { data: channels = [] } = useChannels();
  const current = channel || channels[0]?.id;
  return (
    <div className={LocalPanels === undefined ? 'app' : 'app local'}>
      <ConnectionBanner />
      <NavRail channels={channels} channel={current} view={view} />
      {current !== undefined && <Conversations channel={current} customer={customer} />}
      {LocalPanels !== undefined && current !== undefined && (
        <Suspense>
          <LocalPanels channel={current} customer={customer} />
        </Suspense>
      )}
    </div>
  );
};
