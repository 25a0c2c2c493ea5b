import { useSyncExternalStore } from 'react';

/** A value that components may watch. */
export interface Signal<T> {
  readonly get: () => T;
  readonly set: (value: T) => void;
  readonly watch: (listener: () => void) => () => void;
}

export const createSignal = <T>(initial: T): Signal<T> => {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set: (value) => {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener();
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

/** The value of a signal; the component is rendered anew when it changes. */
export const useSignal = <T>({ watch, get }: Signal<T>): T => useSyncExternalStore(watch, get);
