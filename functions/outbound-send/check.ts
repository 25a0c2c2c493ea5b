import * as z from 'zod';
import type { Channel } from '../shared/domain/config.ts';
import type { SendRequest } from '../shared/domain/content.ts';
import { NEXT_ACTIONS } from '../shared/domain/send-decision.ts';
import { WindowView } from '../shared/domain/window-view.ts';
import type { HttpResponse } from '../shared/http/handler.ts';
import { FieldError, nextActionOf, type ProblemDetails } from '../shared/http/problem.ts';
import { json } from '../shared/http/respond.ts';
import { type Case, decide, viewOf } from './decide.ts';
import type { SendRuntime } from './runtime.ts';
import { loadState } from './send.ts';

/** The decision that a send would get right now. */
export const CheckAnswer = z
  .discriminatedUnion('allowed', [
    z.object({
      allowed: z.literal(true),
      sentAs: z.enum(['session', 'template']),
      usesReengagement: z.boolean(),
      usesFallback: z.boolean(),
      session: WindowView,
    }),
    z.object({
      allowed: z.literal(false),
      code: z.string(),
      nextAction: z.enum(NEXT_ACTIONS),
      detail: z.string(),
      errors: z.array(FieldError).readonly().optional(),
      session: WindowView,
    }),
  ])
  .meta({ id: 'CheckAnswer' });

const toCheck = (decided: Case): z.infer<typeof CheckAnswer> => {
  const verdict = decide(decided);
  const session = viewOf(decided);
  if (verdict.allowed) {
    const { sentAs, usesReengagement } = verdict.decision;
    return { allowed: true, sentAs, usesReengagement, usesFallback: verdict.usedFallback, session };
  }
  const { code, detail, errors } = verdict.problem;
  return { allowed: false, code, nextAction: nextActionOf(verdict.problem), detail, errors, session };
};

/** Answers what a send would be decided, with nothing sent or reserved. */
export const checkMessage = async (
  runtime: SendRuntime,
  channel: Channel,
  request: SendRequest,
): Promise<HttpResponse | ProblemDetails> => {
  const state = await loadState(runtime, { channel, request, id: '', isKeyed: false });
  return json(200, toCheck({ channel, request, sender: runtime.senderOf(channel), state, now: runtime.now() }));
};
