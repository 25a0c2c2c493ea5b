export interface RetryOptions {
  /** How often a call is repeated. @default 3 */
  readonly repeats?: number;
  /** A call that would have to wait longer is not repeated. @default 30 */
  readonly maxWaitSeconds?: number;
  /** Waits between repeats. @default - a timer */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

type Send = (request: Request) => Promise<Response>;

/** The service or API Gateway failed or limits the rate; 502 is the provider's refusal, which stays. */
const PASSING: readonly number[] = [429, 500, 503, 504];

const FIRST_WAIT_MS = 200;

const timer = (milliseconds: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Seconds or an HTTP date; `undefined` without a valid one. */
const retryAfterMs = (response: Response): number | undefined => {
  const header = response.headers.get('retry-after');
  if (header === null) return undefined;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
};

const backOffMs = (repeat: number): number => Math.random() * FIRST_WAIT_MS * 2 ** repeat;

/** How long to wait before a repeat; `undefined` when the answer is final. */
const waitAfter = (response: Response, repeat: number): number | undefined =>
  retryAfterMs(response) ?? (PASSING.includes(response.status) ? backOffMs(repeat) : undefined);

/** An answer, or the fault of a try without one. */
const attempt = async (send: Send, request: Request): Promise<Response | { readonly fault: unknown }> => {
  try {
    return await send(request);
  } catch (fault) {
    return { fault };
  }
};

/**
 * Repeats a call after `Retry-After`, or after a random time that doubles where the answer has none or never came. Every
 * call of the API is safe to repeat; of a send it is the Idempotency-Key that makes it so.
 */
export const withRetries = (
  send: Send,
  { repeats = 3, maxWaitSeconds = 30, wait = timer }: RetryOptions,
): ((request: Request) => Promise<Response>) => {
  const isFinal = (waitMs: number | undefined, repeat: number): boolean =>
    waitMs === undefined || waitMs > maxWaitSeconds * 1000 || repeat >= repeats;
  return async (request) => {
    for (let repeat = 0; ; repeat += 1) {
      const answer = await attempt(send, request.clone());
      const failed = 'fault' in answer;
      if (failed && request.signal.aborted) throw answer.fault;
      const waitMs = failed ? backOffMs(repeat) : waitAfter(answer, repeat);
      if (!isFinal(waitMs, repeat)) await wait(waitMs ?? 0);
      else if (failed) throw answer.fault;
      else return answer;
    }
  };
};
