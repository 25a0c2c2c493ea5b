import type { BusEntry, EventBus } from '../shared/runtime/event-bus.ts';

/** PutEvents takes 10 entries and 256 KB in one call. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256_000;

/** What an entry weighs beside its detail: source, type and time. */
const ENVELOPE_BYTES = 200;

/** How often an entry that the bus rejected is handed over alone. */
const RETRIES = 3;
const PAUSE_MS = 100;

export interface PublisherDeps {
  readonly bus: EventBus;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  /** Told of each entry that the bus did not take at first. */
  readonly onRejected: () => void;
}

export type Publish = (entry: BusEntry) => Promise<void>;

interface Waiting {
  readonly entry: BusEntry;
  readonly settle: (result: Promise<void>) => void;
}

const bytesOf = ({ detail, detailType }: BusEntry): number =>
  Buffer.byteLength(detail) + detailType.length + ENVELOPE_BYTES;

/** As many as one call takes, from the front. */
const countForOneCall = (waiting: readonly Waiting[]): number => {
  let bytes = 0;
  const over = waiting.findIndex(({ entry }, index) => {
    bytes += bytesOf(entry);
    return index > 0 && (index === MAX_ENTRIES || bytes > MAX_BYTES);
  });
  return over === -1 ? waiting.length : over;
};

const retryAlone = async ({ bus, pause, random, onRejected }: PublisherDeps, entry: BusEntry): Promise<void> => {
  onRejected();
  for (let retry = 0; retry < RETRIES; retry += 1) {
    await pause(random() * PAUSE_MS * 4 ** retry);
    const [taken] = await bus.put([entry]);
    if (taken === true) return;
  }
  throw new Error(`the bus rejected an event ${RETRIES + 1} times`);
};

const sendTogether = (deps: PublisherDeps, together: readonly Waiting[]): void => {
  const put = deps.bus.put(together.map(({ entry }) => entry));
  for (const [index, { entry, settle }] of together.entries())
    settle(put.then((taken) => (taken[index] === true ? undefined : retryAlone(deps, entry))));
};

/** Publishes events; those that are asked for at the same time travel together, and a rejected one is retried alone. */
export const createPublisher = (deps: PublisherDeps): Publish => {
  let waiting: Waiting[] = [];
  const flush = () => {
    const all = waiting;
    waiting = [];
    while (all.length > 0) sendTogether(deps, all.splice(0, countForOneCall(all)));
  };
  return (entry) =>
    new Promise((resolve) => {
      waiting.push({ entry, settle: resolve });
      if (waiting.length === 1) setImmediate(flush);
    });
};
