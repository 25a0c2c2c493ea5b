import { useEffect, useState } from 'react';
import type { Conversation } from '../thread/use-thread.ts';

/*
 * What a user has typed is kept in the browser, for each conversation: it survives a reload, a closed window and the way
 * to the sign-in page. Tabs share it.
 */

/** What is kept of a conversation until it is sent. */
const TYPED = ['draft', 'attachment', 'template'] as const;

const keyOf = (kind: string, { channel, customer }: Conversation): string =>
  `carewindow.${kind}.${JSON.stringify([channel, customer])}`;

/** Reads what is kept; what cannot be read counts as nothing. */
const read = <T>(key: string, isValid: (value: unknown) => value is T): T | undefined => {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return isValid(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Called after a write in this tab; other tabs receive the event `storage`. */
const listeners = new Set<(key: string | null) => void>();

const write = (key: string, value: unknown): void => {
  if (value === undefined) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify(value));
  for (const listener of listeners) listener(key);
};

/** Watches what this tab and others write; answers how to end that. */
const watchWrites = (listener: (key: string | null) => void): (() => void) => {
  const onStorage = (event: StorageEvent) => listener(event.key);
  addEventListener('storage', onStorage);
  listeners.add(listener);
  return () => {
    removeEventListener('storage', onStorage);
    listeners.delete(listener);
  };
};

/**
 * Forgets what was typed in every conversation, for the next user of the browser. A send whose outcome is not known yet
 * stays, so that it is not sent twice.
 */
export const forgetTyped = (): void => {
  for (const key of Object.keys(localStorage))
    if (TYPED.some((kind) => key.startsWith(`carewindow.${kind}.`))) write(key, undefined);
};

/** Whether something is kept at this moment, by any tab. */
export const hasKept = (kind: string, conversation: Conversation): boolean =>
  localStorage.getItem(keyOf(kind, conversation)) !== null;

/** A value of a conversation that is kept in the browser, and follows what other tabs do to it. */
export const useKept = <T>(
  kind: string,
  conversation: Conversation,
  isValid: (value: unknown) => value is T,
): readonly [T | undefined, (value: T | undefined) => void] => {
  const key = keyOf(kind, conversation);
  const [value, setValue] = useState(() => read(key, isValid));
  useEffect(
    () =>
      watchWrites((written) => {
        if (written === key) setValue(read(key, isValid));
      }),
    [key, isValid],
  );
  return [value, (next) => write(key, next)];
};

/**
 * What the user has typed, and the key under which it will be sent: it is made with the first letter and shared by all
 * tabs, so that one text is sent once, wherever the user presses Enter.
 */
interface Draft {
  readonly text: string;
  readonly key: string;
}

const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && 'text' in value && 'key' in value;

export const useDraft = (conversation: Conversation) => {
  const [draft, keep] = useKept('draft', conversation, isDraft);
  return {
    text: draft?.text ?? '',
    key: draft?.key,
    write: (text: string) => keep(text === '' ? undefined : { text, key: draft?.key ?? crypto.randomUUID() }),
    /** Under another key: what was sent under the first one is settled. */
    begin: (text: string) => keep(text === '' ? undefined : { text, key: crypto.randomUUID() }),
  };
};
