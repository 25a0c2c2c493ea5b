import type * as z from 'zod';
import type { HttpEvent, HttpResponse } from '../../../functions/shared/http/handler.ts';
import { type ProblemDetails, problem } from '../../../functions/shared/http/problem.ts';
import { parseBody } from '../../../functions/shared/http/request.ts';
import type { FrontRoute } from '../route-match.ts';

type Answer = HttpResponse | ProblemDetails;

/** A route under `/_local`; a problem becomes a problem answer. */
export const localRoute = (
  method: string,
  path: string,
  answer: (event: HttpEvent) => Answer | Promise<Answer>,
): FrontRoute => ({
  method,
  path: `/_local/${path}`,
  handler: async (event) => {
    const result = await answer(event);
    return 'code' in result ? problem(result, event.requestContext.requestId) : result;
  },
});

/** Checks the body before it answers; refuses a body that does not fit the schema. */
export const withBody =
  <S extends z.ZodType>(schema: S, answer: (request: z.infer<S>) => Answer | Promise<Answer>, maxBytes?: number) =>
  (event: HttpEvent): Answer | Promise<Answer> => {
    const parsed = parseBody(schema, event, maxBytes);
    return parsed.ok ? answer(parsed.value) : parsed.problem;
  };
