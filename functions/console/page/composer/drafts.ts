import { useEffect, useState } from 'react';
import type { Conversation } from '../thread/use-thread.ts';

/*
 * What a user has typed is kept in the browser, for each conversation: it survives a reload, a closed window and the way
 * to the sign-in page. Tabs share it.
 */

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

const write = (key: string, value: unknown): void => {
  if (value === undefined) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify(value));
};

/** A value of a conversation that is kept in the browser, and follows what other tabs do to it. */
export const useKept = <T>(
  kind: string,
  conversation: Conversation,
  isValid: (value: unknown) => value is T,
): readonly [T | undefined, (value: T | undefined) => void] => {
  const key = keyOf(kind, conversation);
  const [value, setValue] = useState(() => read(key, isValid));
  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === key) setValue(read(key, isValid));
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  }, [key, isValid]);
  const keep = (next: T | undefined) => {
    write(key, next);
    setValue(next);
  };
  return [value, keep];
};
