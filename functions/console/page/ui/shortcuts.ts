import { useEffect, useRef } from 'react';

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

const hasDialog = (): boolean => document.querySelector('dialog[open]') !== null;

/** Runs an action when a key is pressed outside of a field; with `everywhere` also within one. */
export const useShortcut = (key: string, action: () => void, everywhere = false): void => {
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isModified = event.ctrlKey || event.metaKey || event.altKey;
      if (event.key !== key || isModified || hasDialog() || (!everywhere && isTyping(event))) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [key, everywhere]);
};

/** Moves the focus to an element of the page. */
export const focusOn = (selector: string): void => document.querySelector<HTMLElement>(selector)?.focus();
