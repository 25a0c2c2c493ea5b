import { useSyncExternalStore } from 'react';
import { onClockJump, serverNow } from './server-clock.ts';

const second = (): number => Math.floor(serverNow() / 1000) * 1000;

/** One timer for all, shortly after each full second. */
const watchSeconds = (listener: () => void): (() => void) => {
  const timer = setInterval(listener, 250);
  const stop = onClockJump(listener);
  return () => {
    clearInterval(timer);
    stop();
  };
};

/** The service's time in epoch milliseconds, whole seconds; the component is rendered anew each second. */
export const useNow = (): number => useSyncExternalStore(watchSeconds, second);
