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

/** A number of equal failures in a row. */
export interface Fault {
  readonly kind: FaultKind;
  readonly times: number;
}

/** The failures that a provider will still produce, in the order of the requests for them. */
export interface FaultQueue {
  readonly add: (kind: FaultKind, times: number) => void;
  /** The failures still to come, in their order. */
  readonly list: () => readonly Fault[];
  /** Removes the failures of the kinds that match. */
  readonly remove: (matches: (kind: FaultKind) => boolean) => void;
  readonly isRefusing: () => boolean;
  /** Removes one `refuse_connection` after a connection was refused. */
  readonly countRefused: () => void;
  /** Removes the fault of a send that was received. */
  readonly takeForSend: () => FaultKind | undefined;
  readonly onChange: (listener: (() => void) | undefined) => void;
}

const inRuns = (kinds: readonly FaultKind[]): readonly Fault[] => {
  const runs: { kind: FaultKind; times: number }[] = [];
  for (const kind of kinds) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.times += 1;
    else runs.push({ kind, times: 1 });
  }
  return runs;
};

export const createFaultQueue = (): FaultQueue => {
  let pending: FaultKind[] = [];
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
    list: () => inRuns(pending),
    remove: (matches) => {
      pending = pending.filter((kind) => !matches(kind));
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
