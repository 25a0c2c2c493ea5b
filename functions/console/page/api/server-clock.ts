/*
 * The time by which the service decides. The browser's own clock may be wrong by hours, and may be changed while the page
 * is open: what counts is the Date header of the answers, and the time that has passed since by a clock that never jumps.
 */

/** A Date header has whole seconds: a smaller difference is no news. */
const TOLERANCE_MS = 2_000;

let known: { readonly serverMs: number; readonly at: number } | undefined;
const listeners = new Set<() => void>();

/** The service's time in epoch milliseconds; the browser's until the first answer. */
export const serverNow = (): number =>
  known === undefined ? Date.now() : known.serverMs + (performance.now() - known.at);

/** Whether an answer can have this date, at whatever moment of the call the service wrote it. */
const fits = (serverMs: number, tookMs: number): boolean => {
  const now = serverNow();
  return serverMs <= now + TOLERANCE_MS && serverMs >= now - tookMs - TOLERANCE_MS;
};

const observe = (response: Response, tookMs: number): void => {
  const serverMs = Date.parse(response.headers.get('date') ?? '') + 500;
  if (Number.isNaN(serverMs)) return;
  const jumped = known !== undefined && !fits(serverMs, tookMs);
  if (known !== undefined && !jumped) return;
  known = { serverMs, at: performance.now() };
  if (jumped) for (const listener of listeners) listener();
};

/** Makes a call and learns the time from its answer; tells the listeners when it jumped. */
export const timed = async (send: () => Promise<Response>): Promise<Response> => {
  const startedAt = performance.now();
  const response = await send();
  observe(response, performance.now() - startedAt);
  return response;
};

/** Calls the listener after the service's time has jumped; answers how to end that. */
export const onClockJump = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
