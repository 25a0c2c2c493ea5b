import * as z from 'zod';
import { WindowView } from '../shared/domain/window-view.ts';
import type { HttpResponse } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { json } from '../shared/http/respond.ts';
import { NEXT_ACTION, type ProviderError, type SendOutcome } from '../shared/providers/provider.ts';

/** What a send answers: 201 when the provider has taken it, 202 when that is in doubt (R12). */
export const SendAnswer = z
  .object({
    id: z.string(),
    status: z.enum(['sent', 'in_doubt']),
    sentAs: z.enum(['session', 'template']),
    providerMessageId: z.string().optional(),
    usedReengagement: z.boolean(),
    session: WindowView,
  })
  .meta({ id: 'SendAnswer' });

/** What every answer after the provider call carries. */
export interface Attempted {
  readonly id: string;
  readonly sentAs: 'session' | 'template';
  readonly usedReengagement: boolean;
  readonly session: WindowView;
}

/** How long to wait where the provider does not say; seconds. */
const RETRY_AFTER_SECONDS = 5;

const toRejection = (error: ProviderError, { id, session }: Attempted): ProblemDetails => {
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
    nextAction: NEXT_ACTION[error.class],
    id,
    session,
    provider,
  };
};

/** Tells the caller what became of the provider call. */
export const toAnswer = (outcome: SendOutcome, attempted: Attempted): HttpResponse | ProblemDetails => {
  switch (outcome.kind) {
    case 'sent':
      return json(201, {
        ...attempted,
        status: 'sent',
        providerMessageId: outcome.providerMessageId,
      } satisfies z.infer<typeof SendAnswer>);
    case 'in_doubt':
      return json(202, { ...attempted, status: 'in_doubt' } satisfies z.infer<typeof SendAnswer>);
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
