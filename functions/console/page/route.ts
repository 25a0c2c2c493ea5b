import { useSyncExternalStore } from 'react';

export const VIEWS = ['conversations', 'usage', 'events'] as const;
export type View = (typeof VIEWS)[number];

/** What the page shows. It is the fragment of the URL, which is never sent: customers are named in it. */
export interface Route {
  readonly channel?: string | undefined;
  readonly view: View;
  readonly customer?: string | undefined;
}

const toView = (text: string | undefined): View => VIEWS.find((view) => view === text) ?? 'conversations';

const decode = (text: string | undefined): string | undefined => {
  try {
    return text ? decodeURIComponent(text) : undefined;
  } catch {
    return undefined;
  }
};

const parseRoute = (hash: string): Route => {
  const [channel, view, customer] = hash.replace(/^#\/?/, '').split('/').map(decode);
  return { channel, view: toView(view), customer };
};

export const hrefOf = ({ channel, view, customer }: Route): string =>
  `#/${[channel ?? '', view, ...(customer === undefined ? [] : [customer])].map(encodeURIComponent).join('/')}`;

const listeners = new Set<() => void>();

const watch = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  listeners.add(listener);
  return () => {
    removeEventListener('hashchange', listener);
    listeners.delete(listener);
  };
};

/** What the page shows; rendered anew when it changes. */
export const useRoute = (): Route => parseRoute(useSyncExternalStore(watch, () => location.hash));

/** Shows another view at once: the browser reports a new fragment later, perhaps after the next key. */
export const go = (route: Route): void => {
  location.hash = hrefOf(route);
  for (const listener of listeners) listener();
};
