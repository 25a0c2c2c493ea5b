import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/** A sequence of numbers between 0 and 1 that depends on the seed alone (mulberry32). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A request to a provider, as the service makes it with `fetch`. */
export interface ProviderRequest {
  readonly url: string;
  readonly body: string | undefined;
}

export interface ProviderAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: () => Promise<string>;
}

export interface Virtual {
  readonly random: () => number;
  readonly fetch: (request: ProviderRequest) => Promise<ProviderAnswer>;
}

/** Holds what a request would be, without its streams and timers. */
class PlainRequest {
  readonly url: string;
  readonly body: string | undefined;

  constructor(url: string, { body }: { readonly body?: string }) {
    this.url = url;
    this.body = body;
  }
}

const TIMEOUT = AbortSignal.timeout.bind(AbortSignal);

/**
 * Puts chance, pauses and the network of this process in the hands of a simulation: pauses end at once, and nothing depends
 * on the machine. Returns what makes the process as it was.
 */
export const virtualize = ({ random, fetch }: Virtual): (() => void) => {
  const before = {
    random: Math.random,
    pause: timers.setTimeout,
    fetch: globalThis.fetch,
    Request: globalThis.Request,
  };
  const signal = new AbortController().signal;
  Math.random = random;
  timers.setTimeout = (async (_: number, value: unknown) => value) as typeof timers.setTimeout;
  syncBuiltinESMExports();
  Object.assign(globalThis, { fetch, Request: PlainRequest });
  AbortSignal.timeout = () => signal;
  return () => {
    Math.random = before.random;
    timers.setTimeout = before.pause;
    syncBuiltinESMExports();
    Object.assign(globalThis, { fetch: before.fetch, Request: before.Request });
    AbortSignal.timeout = TIMEOUT;
  };
};

/** Ends when everything that was ready to run has run. */
export const untilIdle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
