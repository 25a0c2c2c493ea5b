/** What a simulated provider can be told to do wrong. */
export const FAULT_KINDS = [
  'timeout_after_accept',
  'timeout_before_accept',
  'http_500',
  'rate_limited',
  'window_closed',
  'refuse_connection',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The faults that a provider will still commit, in the order they were asked for. */
export interface FaultQueue {
  readonly add: (kind: FaultKind, times: number) => void;
  readonly isRefusing: () => boolean;
  /** Uses up one refused connection. */
  readonly refused: () => void;
  /** Uses up the fault of a send that got through. */
  readonly ofSend: () => FaultKind | undefined;
  readonly onChange: (listener: (() => void) | undefined) => void;
}

export const createFaultQueue = (): FaultQueue => {
  const pending: FaultKind[] = [];
  let changed: (() => void) | undefined;
  const isRefusing = () => pending[0] === 'refuse_connection';
  const next = () => {
    const kind = pending.shift();
    changed?.();
    return kind;
  };
  return {
    add: (kind, times) => {
      pending.push(...Array.from({ length: times }, () => kind));
      changed?.();
    },
    isRefusing,
    refused: () => {
      if (isRefusing()) next();
    },
    ofSend: () => (isRefusing() ? undefined : next()),
    onChange: (listener) => {
      changed = listener;
    },
  };
};
