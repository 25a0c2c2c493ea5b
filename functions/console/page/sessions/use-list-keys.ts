import { go } from '../route.ts';
import { focusOn, useShortcut } from '../ui/shortcuts.ts';
import type { SessionRow } from './session-rows.ts';

/** Goes through the list by keyboard: the next and the previous session, the next to close, the search, the composer. */
export const useListKeys = (rows: readonly SessionRow[], selected: string | undefined): void => {
  const index = rows.findIndex(({ window }) => window.customer === selected);
  const open = (at: number) => {
    const window = rows[Math.max(0, Math.min(rows.length - 1, at))]?.window;
    if (window !== undefined) go({ channel: window.channel, view: 'conversations', customer: window.customer });
  };
  useShortcut('j', () => open(index + 1));
  useShortcut('k', () => open(index === -1 ? 0 : index - 1));
  useShortcut('n', () => open(0));
  useShortcut('/', () => focusOn('#session-search'));
  useShortcut('r', () => focusOn('#composer-text, .template-filter input, .consent-form input'));
};
