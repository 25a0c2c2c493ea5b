import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { type Connected, connect } from './api/connect.ts';
import { onClockJump } from './api/server-clock.ts';
import { SignedOutError } from './api/sign-in.ts';
import { ConnectedContext } from './api/use-connected.ts';
import { App } from './app.tsx';
import { strings } from './strings.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { ReloadNotice } from './ui/reload-notice.tsx';

/** The client repeats calls by itself, and the page says when the service does not answer. */
const createQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: 'always', refetchOnWindowFocus: true, staleTime: 1_000 },
      mutations: { retry: false, networkMode: 'always' },
    },
  });

const show = (root: Root, connected: Connected): void => {
  const queries = createQueries();
  onClockJump(() => void queries.invalidateQueries());
  root.render(
    <StrictMode>
      <ConnectedContext value={connected}>
        <QueryClientProvider client={queries}>
          <ErrorBoundary className="whole-page">
            <App />
          </ErrorBoundary>
        </QueryClientProvider>
      </ConnectedContext>
    </StrictMode>,
  );
};

const start = async (element: HTMLElement): Promise<void> => {
  const root = createRoot(element);
  try {
    show(root, await connect());
  } catch (error) {
    root.render(
      <main className="whole-page">
        <ReloadNotice {...(error instanceof SignedOutError ? strings.start.notSignedIn : strings.start.failed)} />
      </main>,
    );
  }
};

const element = document.getElementById('root');
if (element !== null) void start(element);
