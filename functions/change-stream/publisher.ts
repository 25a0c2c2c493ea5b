import type { BusEntry, EventBus, PutResult } from '../shared/runtime/event-bus.ts';
import { InvalidEntryError, isPermanent } from './faults.ts';

/** PutEvents accepts 10 entries and 256 KB per call. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256_000;

/** The size of an entry beside its detail and type: source, time, bus name. */
const ENVELOPE_BYTES = 200;

/** How often an entry that the bus rejected is put again, alone. */
const RETRIES = 3;
const BASE_DELAY_MS = 100;

export interface PublisherDeps {
  readonly bus: EventBus;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  /** Called once for each entry that the bus rejects at first. */
  readonly onRejected: () => void;
}

export type Publish = (entry: BusEntry) => Promise<void>;

interface PendingEntry {
  readonly entry: BusEntry;
  readonly resolve: (published: Promise<void>) => void;
}

const bytesOf = ({ detail, detailType }: BusEntry): number =>
  Buffer.byteLength(detail) + detailType.length + ENVELOPE_BYTES;

/** How many of the first entries fit into one call. */
const countForOneCall = (pending: readonly PendingEntry[]): number => {
  let bytes = 0;
  const firstTooMany = pending.findIndex(({ entry }, index) => {
    bytes += bytesOf(entry);
    return index > 0 && (index === MAX_ENTRIES || bytes > MAX_BYTES);
  });
  return firstTooMany === -1 ? pending.length : firstTooMany;
};

/** Puts a rejected entry again, with exponential back-off and full jitter. */
const retryAlone = async ({ bus, pause, random, onRejected }: PublisherDeps, entry: BusEntry): Promise<void> => {
  onRejected();
  for (let retry = 0; retry < RETRIES; retry += 1) {
    await pause(random() * BASE_DELAY_MS * 4 ** retry);
    const [result = false] = await bus.put([entry]);
    if (result === true) return;
    if (result === 'invalid') throw new InvalidEntryError('the bus can never accept this event');
  }
  throw new Error(`the bus rejected an event ${RETRIES + 1} times`);
};

const complete = async (deps: PublisherDeps, entry: BusEntry, result: PutResult | undefined): Promise<void> => {
  if (result === 'invalid') throw new InvalidEntryError('the bus can never accept this event');
  if (result !== true) await retryAlone(deps, entry);
};

/** A call that is refused as a whole for one of its entries is repeated entry by entry. */
const putBatch = async ({ bus }: PublisherDeps, entries: readonly BusEntry[]): Promise<readonly PutResult[]> => {
  try {
    return await bus.put(entries);
  } catch (fault) {
    if (entries.length > 1 && isPermanent(fault)) return entries.map(() => false);
    throw fault;
  }
};

const putTogether = (deps: PublisherDeps, batch: readonly PendingEntry[]): void => {
  const put = putBatch(
    deps,
    batch.map(({ entry }) => entry),
  );
  for (const [index, { entry, resolve }] of batch.entries())
    resolve(put.then((results) => complete(deps, entry, results[index])));
};

/** Publishes events; those published at the same time share a call, and a rejected one is retried alone. */
export const createPublisher = (deps: PublisherDeps): Publish => {
  let pending: PendingEntry[] = [];
  const flush = () => {
    const entries = pending;
    pending = [];
    while (entries.length > 0) putTogether(deps, entries.splice(0, countForOneCall(entries)));
  };
  return (entry) =>
    new Promise((resolve) => {
      pending.push({ entry, resolve });
      if (pending.length === 1) setImmediate(flush);
    });
};
