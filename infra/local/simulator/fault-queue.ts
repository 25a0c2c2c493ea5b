/** The failures that a simulated provider can produce. */
export const FAULT_KINDS = [
  'timeout_after_accept',
  'timeout_before_accept',
  'http_500',
  'rate_limited',
  'window_closed',
  'refuse_connection',
  'hold_template',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The failures that a provider will still produce, in the order of the requests for them. */
export interface FaultQueue {
  readonly add: (kind: FaultKind, times: number) => void;
  readonly isRefusing: () => boolean;
  /** Removes one `refuse_connection` after a connection was refused. */
  readonly countRefused: () => void;
  /** Removes the fault of a send that was received. */
  readonly takeForSend: () => FaultKind | undefined;
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
    countRefused: () => {
      if (isRefusing()) next();
    },
    takeForSend: () => (isRefusing() ? undefined : next()),
    onChange: (listener) => {
      changed = listener;
    },
  };
};
