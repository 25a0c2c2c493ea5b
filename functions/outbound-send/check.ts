import * as z from 'zod';
import { NEXT_ACTIONS } from '../shared/domain/send-decision.ts';
import { WindowView } from '../shared/domain/window-view.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import { FieldError, nextActionOf } from '../shared/http/problem.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import { decide, toView } from './decide.ts';
import { type DecisionInput, loadState } from './load-state.ts';
import { readRequest } from './read-request.ts';
import type { SendRuntime } from './runtime.ts';

/** The decision that the same send would get now. */
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
      errors: z.array(FieldError).optional(),
      session: WindowView,
    }),
  ])
  .meta({ id: 'CheckAnswer' });

const toCheck = (input: DecisionInput): z.infer<typeof CheckAnswer> => {
  const decision = decide(input);
  const session = toView(input);
  if (decision.allowed) {
    const { sentAs, usesReengagement, usesFallback } = decision;
    return { allowed: true, sentAs, usesReengagement, usesFallback, session };
  }
  const { code, detail, errors } = decision.problem;
  return {
    allowed: false,
    code,
    nextAction: nextActionOf(decision.problem),
    detail,
    errors: errors && [...errors],
    session,
  };
};

/** Answers with the decision that a send would get; sends and reserves nothing. */
export const checkMessage = async (runtime: SendRuntime, event: HttpEvent): Promise<Answer> => {
  const read = readRequest(runtime, event);
  return read.ok ? json(200, toCheck(await loadState(runtime, read.value))) : read.problem;
};
