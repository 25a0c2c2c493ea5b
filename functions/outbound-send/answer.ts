import * as z from 'zod';
import { type WindowView, WindowView as WindowViewSchema } from '../shared/domain/window-view.ts';
import type { HttpResponse } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { json } from '../shared/http/respond.ts';
import { NEXT_ACTION, type ProviderError, type SendOutcome } from '../shared/providers/provider.ts';

/** What a send answers: 201 when the provider has taken it, 202 when that is in doubt (R12). */
export const SendAnswer = z
  .object({
    id: z.string(),
    status: z
      .enum(['sent', 'delivered', 'read', 'played', 'in_doubt'])
      .meta({ description: 'Beyond `sent` only where the request is a repeat under its Idempotency-Key' }),
    sentAs: z.enum(['session', 'template']),
    providerMessageId: z.string().optional(),
    usedReengagement: z.boolean(),
    usedFallback: z.boolean().meta({ description: 'The fallback template went instead of the session message' }),
    session: WindowViewSchema,
  })
  .meta({ id: 'SendAnswer' });
export type SendAnswer = z.infer<typeof SendAnswer>;

/** What every answer after the provider call carries. */
export type Attempted = Pick<SendAnswer, 'id' | 'sentAs' | 'usedReengagement' | 'usedFallback'> & {
  readonly session: WindowView;
};

export const toSent = (
  attempted: Attempted,
  status: SendAnswer['status'],
  providerMessageId: string | undefined,
): HttpResponse =>
  json(status === 'in_doubt' ? 202 : 201, { ...attempted, status, providerMessageId } satisfies SendAnswer);

/** How long to wait where the provider does not say; seconds. */
const RETRY_AFTER_SECONDS = 5;

type Explained = Pick<ProviderError, 'code' | 'title'> & { readonly class: string };

const isKnownClass = (name: string): name is ProviderError['class'] => Object.hasOwn(NEXT_ACTION, name);

/** A refusal that came from the provider. */
export const toRejection = (error: Explained, { id, session }: Pick<Attempted, 'id' | 'session'>): ProblemDetails => {
  const provider = { code: error.code, title: error.title };
  if (error.class === 'window_closed')
    return {
      code: 'provider_window_closed',
      detail: 'WhatsApp refused the message: by its own record the customer care session has ended.',
      id,
      session,
      provider,
    };
  return {
    code: 'provider_rejected',
    detail: `The provider refused the message with code ${error.code}: it will not reach the customer.`,
    nextAction: isKnownClass(error.class) ? NEXT_ACTION[error.class] : 'none',
    id,
    session,
    provider,
  };
};

/** Tells the caller what became of the provider call. */
export const toAnswer = (outcome: SendOutcome, attempted: Attempted): HttpResponse | ProblemDetails => {
  switch (outcome.kind) {
    case 'sent':
      return toSent(attempted, 'sent', outcome.providerMessageId);
    case 'in_doubt':
      return toSent(attempted, 'in_doubt', undefined);
    case 'rejected':
      return toRejection(outcome.error, attempted);
    case 'unavailable':
      return {
        code: outcome.error.class === 'retry_later' ? 'provider_rate_limited' : 'provider_unavailable',
        detail: 'The provider did not take the message, nothing was sent: send it again later.',
        retryAfterSeconds: outcome.retryAfterSeconds ?? RETRY_AFTER_SECONDS,
        id: attempted.id,
        session: attempted.session,
        provider: { code: outcome.error.code, title: outcome.error.title },
      };
  }
};
