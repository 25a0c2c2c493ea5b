import * as z from 'zod';
import { NEXT_ACTIONS, type NextAction } from '../domain/send-decision.ts';
import { WindowView } from '../domain/window-view.ts';
import type { HttpResponse } from './handler.ts';

interface Kind {
  readonly status: number;
  readonly title: string;
  readonly nextAction: NextAction;
}

/** Every problem: its status, title and default next action. */
const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is not valid', nextAction: 'fix_request' },
  invalid_signature: { status: 401, title: 'The signature is missing or wrong', nextAction: 'none' },
  invalid_verify_token: { status: 403, title: 'The verify token is wrong', nextAction: 'fix_request' },
  insufficient_scope: { status: 403, title: 'The access token lacks a scope', nextAction: 'fix_request' },
  unknown_account: { status: 404, title: 'No such account', nextAction: 'fix_request' },
  unknown_channel: { status: 404, title: 'No such channel', nextAction: 'fix_request' },
  unknown_message: { status: 404, title: 'No such message', nextAction: 'fix_request' },
  unknown_media: { status: 404, title: 'The message has no file', nextAction: 'fix_request' },
  unknown_delivery: { status: 404, title: 'No such endpoint', nextAction: 'fix_request' },
  unknown_event: { status: 404, title: 'No such event', nextAction: 'fix_request' },
  unknown_route: { status: 404, title: 'No such route', nextAction: 'fix_request' },
  method_not_allowed: { status: 405, title: 'The path does not support this method', nextAction: 'fix_request' },
  window_closed: { status: 409, title: 'The customer care session is closed', nextAction: 'send_template' },
  not_opted_in: { status: 409, title: 'The customer has not opted in', nextAction: 'collect_opt_in' },
  opted_out: { status: 409, title: 'The customer has opted out', nextAction: 'none' },
  reengagement_used: { status: 409, title: 'The re-engagement slot is used', nextAction: 'wait_for_customer' },
  user_id_outdated: {
    status: 409,
    title: 'The user id is of another business portfolio',
    nextAction: 'wait_for_customer',
  },
  owned_by_human: { status: 409, title: 'A person holds the conversation', nextAction: 'wait' },
  owner_changed: { status: 409, title: 'Someone else holds the conversation', nextAction: 'fix_request' },
  idempotency_in_progress: { status: 409, title: 'The first request is still running', nextAction: 'retry_later' },
  message_settled: { status: 409, title: 'The outcome of the message is known', nextAction: 'none' },
  provider_window_closed: { status: 409, title: 'WhatsApp considers the session closed', nextAction: 'send_template' },
  media_unavailable: { status: 410, title: 'The file cannot be fetched', nextAction: 'none' },
  precondition_failed: { status: 412, title: 'The version is not that of If-Match', nextAction: 'fix_request' },
  body_too_large: { status: 413, title: 'The body is too large', nextAction: 'fix_request' },
  unsupported_encoding: { status: 415, title: 'The encoding of the body is not supported', nextAction: 'fix_request' },
  idempotency_mismatch: {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    nextAction: 'fix_request',
  },
  template_unknown: { status: 422, title: 'No such template', nextAction: 'fix_template' },
  template_not_approved: { status: 422, title: 'The template is not approved', nextAction: 'fix_template' },
  template_parameters_invalid: {
    status: 422,
    title: 'The parameters do not match the template',
    nextAction: 'fix_template',
  },
  unsupported_by_provider: { status: 422, title: 'The provider does not support this', nextAction: 'fix_request' },
  internal: { status: 500, title: 'The service failed', nextAction: 'retry_later' },
  provider_rejected: { status: 502, title: 'The provider rejected the request', nextAction: 'none' },
  provider_unavailable: { status: 503, title: 'The provider is unavailable', nextAction: 'retry_later' },
  provider_rate_limited: { status: 503, title: 'The provider limits the rate', nextAction: 'retry_later' },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;

export const statusOf = (code: ProblemCode): number => PROBLEMS[code].status;

export const FieldError = z
  .object({ path: z.string().meta({ description: 'Dotted, e.g. content.text' }), message: z.string() })
  .meta({ id: 'FieldError' });
export type FieldError = z.infer<typeof FieldError>;

/** RFC 9457 problem details, with a code and a next action for programs. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS)),
    nextAction: z.enum(NEXT_ACTIONS),
    requestId: z.string(),
    session: WindowView.optional(),
    errors: z.array(FieldError).optional(),
    provider: z.object({ code: z.string(), title: z.string() }).optional(),
    id: z.string().optional().meta({ description: 'The id of the message record' }),
  })
  .meta({ id: 'Problem' });

/** Marks the answer as a replay of the first request's (IETF Idempotency-Key draft). */
export const REPLAYED = { 'idempotent-replayed': 'true' };

/** A problem before it is rendered. */
export interface ProblemDetails {
  readonly code: ProblemCode;
  /** Says what happened and what to do, for people. */
  readonly detail: string;
  /** @default - the next action of the code */
  readonly nextAction?: NextAction | undefined;
  readonly session?: WindowView | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly provider?: { readonly code: string; readonly title: string } | undefined;
  readonly id?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** True when this answer replays the first request's (R11). */
  readonly replayed?: boolean | undefined;
  /** Headers that the code requires, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export const nextActionOf = ({ code, nextAction }: ProblemDetails): NextAction =>
  nextAction ?? PROBLEMS[code].nextAction;

/** Answers with `application/problem+json`. */
export const problem = (
  { code, nextAction, retryAfterSeconds, replayed, headers, ...details }: ProblemDetails,
  requestId: string,
): HttpResponse => {
  const kind: Kind = PROBLEMS[code];
  return {
    statusCode: kind.status,
    headers: {
      'content-type': 'application/problem+json',
      ...headers,
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      ...(replayed === true ? REPLAYED : {}),
    },
    body: JSON.stringify({
      type: `urn:carewindow:problem:${code}`,
      title: kind.title,
      status: kind.status,
      code,
      nextAction: nextAction ?? kind.nextAction,
      ...details,
      requestId,
    }),
  };
};
