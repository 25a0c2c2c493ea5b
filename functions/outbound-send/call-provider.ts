import { withFiles } from '../shared/domain/upload.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import type { SendOutcome } from '../shared/providers/provider.ts';
import { addressFor } from './address.ts';
import type { Attempt } from './attempt.ts';
import type { Outcome } from './outcome.ts';
import { recheck, refuseTooLate } from './recheck.ts';
import { nextAttemptIn, retryAfterSeconds } from './retry.ts';
import type { SendRuntime } from './runtime.ts';

/** The end of the window of a session message; a template may be delivered after it. */
const endOf = ({ input, allowed }: Pick<Attempt, 'input' | 'allowed'>): number | undefined => {
  const { session } = input.state;
  return session === undefined || allowed.sentAs === 'template' ? undefined : session.expiresAt * 1000;
};

const sendOnce = ({ input, allowed, claimed, replyTo, files }: Attempt): Promise<SendOutcome> =>
  input.sender.send({
    channel: input.channel,
    to: addressFor(input, allowed.template) ?? input.request.to,
    content: withFiles(allowed.content, (upload) => files.get(upload)),
    template: allowed.template,
    reference: claimed.reference,
    replyTo,
    endsAtMs: endOf({ input, allowed }),
  });

/** A send after its last attempt. */
export interface CalledSend {
  readonly outcome: Outcome;
  readonly lastAttempt: Attempt;
}

/** The provider's own outcome of a call. */
type Called = Exclude<SendOutcome, { readonly kind: 'too_late' }>;

const withRetryAfter = (outcome: Called, attempts: number): Called =>
  outcome.kind === 'unavailable' ? { ...outcome, retryAfterSeconds: retryAfterSeconds(outcome, attempts) } : outcome;

/** Calls the provider, and again only while nothing can have reached it and a reloaded state still allows the send (R12). */
export const callProvider = async (runtime: SendRuntime, first: Attempt): Promise<CalledSend> => {
  let attempt = first;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await sendOnce(attempt);
    const overtaken = (problem: ProblemDetails): CalledSend => ({
      outcome: { kind: 'overtaken', problem },
      lastAttempt: attempt,
    });
    if (outcome.kind === 'too_late') return overtaken(refuseTooLate(runtime, attempt));
    const elapsedMs = runtime.elapsed() - first.startedMs;
    const pauseMs = nextAttemptIn(outcome, { attempts, elapsedMs, random: runtime.random() });
    const ended = { outcome: withRetryAfter(outcome, attempts), lastAttempt: attempt };
    if (pauseMs === undefined) return ended;
    await runtime.pause(pauseMs);
    const { channel, id: messageId } = attempt.claimed;
    const next = await recheck(runtime, attempt).catch((fault: unknown) =>
      runtime.log.error('outbound-send.look-failed', { channel, messageId }, fault),
    );
    // Without a reloaded state there is no further attempt, and the outcome of this one is known: nothing was sent.
    if (next === undefined) return ended;
    if ('code' in next) return overtaken(next);
    attempt = next;
  }
};
