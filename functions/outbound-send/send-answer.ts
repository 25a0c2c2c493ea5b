import * as z from 'zod';
import { WindowView } from '../shared/domain/window-view.ts';
import type { HttpResponse } from '../shared/http/handler.ts';
import { json } from '../shared/http/respond.ts';

/** The answer to a send: 201 when the provider has accepted or holds it, 202 when its outcome is in doubt (R12). */
export const SendAnswer = z
  .object({
    id: z.string(),
    status: z.enum(['held', 'sent', 'delivered', 'read', 'played', 'in_doubt']).meta({
      description:
        '`held`: the provider took the template and keeps it back for now. Beyond `sent` only where the request repeats an Idempotency-Key',
    }),
    sentAs: z.enum(['session', 'template']),
    providerMessageId: z.string().optional(),
    usedReengagement: z.boolean(),
    usedFallback: z.boolean().meta({ description: 'The fallback template was sent instead of the session message' }),
    session: WindowView,
  })
  .meta({ id: 'SendAnswer' });
type SendAnswer = z.infer<typeof SendAnswer>;

/** The fields of an answer that do not depend on the outcome. */
export type AnswerBase = Pick<SendAnswer, 'id' | 'sentAs' | 'usedReengagement' | 'usedFallback' | 'session'>;

export const answerSent = (
  base: AnswerBase,
  status: SendAnswer['status'],
  providerMessageId: string | undefined,
): HttpResponse => json(status === 'in_doubt' ? 202 : 201, { ...base, status, providerMessageId } satisfies SendAnswer);
