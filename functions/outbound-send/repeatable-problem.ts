import type { ProblemDetails } from '../shared/http/problem.ts';
import { NEXT_ACTION, type RepeatableOutcome } from '../shared/providers/provider.ts';
import { RETRY_AFTER_SECONDS } from './outcome.ts';

/** The problem of a call that may be repeated: `what` the provider did not do. */
export const repeatableProblem = (
  outcome: Exclude<RepeatableOutcome, { readonly kind: 'done' }>,
  what: string,
): ProblemDetails => {
  if (outcome.kind === 'unsupported') {
    const { path, message } = outcome.unsupported;
    return { code: 'unsupported_by_provider', detail: message, errors: [{ path, message }] };
  }
  const { code, title, class: class_ } = outcome.error;
  const provider = { code, title };
  if (outcome.kind === 'rejected')
    return {
      code: 'provider_rejected',
      detail: `The provider did not ${what}, with code ${code}.`,
      nextAction: NEXT_ACTION[class_],
      provider,
    };
  return {
    code: class_ === 'retry_later' ? 'provider_rate_limited' : 'provider_unavailable',
    detail: `The provider did not ${what}: repeat the call after Retry-After, which changes nothing else.`,
    retryAfterSeconds: outcome.retryAfterSeconds ?? RETRY_AFTER_SECONDS,
    provider,
  };
};
