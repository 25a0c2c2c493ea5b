import * as z from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { Problem, type ProblemCode, problem, statusOf } from '../../../functions/shared/http/problem.ts';

/** The answer of API Gateway itself, before or instead of the function's. */
const GatewayAnswer = z.object({ message: z.string() }).meta({ id: 'GatewayAnswer' });

const RequestId = z.string().meta({
  description: 'The id of the request at API Gateway; `requestId` of a problem',
  header: { id: 'RequestId' },
});
const RetryAfter = z.string().meta({
  description: 'Seconds after which a repeat can succeed',
  header: { id: 'RetryAfter' },
});
const Replayed = z.enum(['true']).meta({
  description: 'Present when this is the answer to an earlier request with the same Idempotency-Key',
  header: { id: 'IdempotentReplayed' },
});

const Authenticate = z.string().meta({
  description: 'Why the access token is not enough, and the scope that is missing',
  header: { id: 'WwwAuthenticate' },
});

export const HEADERS = { 'apigw-requestid': RequestId };
export const RETRY_HEADERS = { 'Retry-After': RetryAfter };
export const REPLAYED_HEADERS = { 'Idempotent-Replayed': Replayed.optional() };

/** What API Gateway answers by itself, by status. */
const GATEWAY: Readonly<Record<string, string>> = {
  '401': 'Unauthorized',
  '403': 'Forbidden',
  '413': 'Request Entity Too Large',
  '429': 'Too Many Requests',
  '500': 'Internal Server Error',
  '503': 'Service Unavailable',
};

const REASONS: Readonly<Record<string, string>> = {
  '401': 'The access token is missing, wrong or expired',
  '403':
    'The caller lacks the permission `execute-api:Invoke`, the signature is wrong, or the access token lacks a scope',
  '413': 'The body is too large',
  '429': 'API Gateway limits the rate of calls: repeat later',
  '500': 'The service failed: repeat later',
  '503': 'The service or the provider is not available: repeat later',
};

/** Codes whose answer has `Retry-After`. */
const RETRIED: readonly ProblemCode[] = ['idempotency_in_progress', 'provider_unavailable', 'provider_rate_limited'];
/** Codes whose answer can be a replay (R11). */
const REPLAYABLE: readonly ProblemCode[] = ['message_settled', 'provider_window_closed', 'provider_rejected'];

/** An example of a problem, as the service renders it. */
export const problemExample = (code: ProblemCode): { summary: string; value: unknown } => {
  const rendered: { title: string; detail: string } = JSON.parse(
    problem({ code, detail: '' }, 'JKJaXmPLvHcESHA=').body ?? '',
  );
  return { summary: rendered.title, value: { ...rendered, detail: `${rendered.title}.` } };
};

const problemContent = (codes: readonly ProblemCode[]) => ({
  'application/problem+json': {
    schema: Problem,
    examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
  },
});

const headersOf = (status: string, codes: readonly ProblemCode[]) => ({
  ...HEADERS,
  ...(status === '401' || codes.includes('insufficient_scope') ? { 'WWW-Authenticate': Authenticate.optional() } : {}),
  ...(codes.some((code) => RETRIED.includes(code)) ? { 'Retry-After': RetryAfter.optional() } : {}),
  ...(codes.some((code) => REPLAYABLE.includes(code)) ? REPLAYED_HEADERS : {}),
});

const refusal = (status: string, codes: readonly ProblemCode[], gateway: string | undefined) => ({
  description: [REASONS[status], ...codes.map((code) => `\`${code}\``)].filter(Boolean).join(', '),
  headers: z.object(headersOf(status, codes)),
  content: {
    ...(codes.length === 0 ? {} : problemContent(codes)),
    ...(gateway === undefined ? {} : { 'application/json': { schema: GatewayAnswer, example: { message: gateway } } }),
  },
});

/** The answers of a route that is refused with one of these codes, and those of API Gateway with one of these statuses. */
export const refusals = (
  codes: readonly ProblemCode[],
  gatewayStatuses: readonly string[],
): ZodOpenApiResponsesObject => {
  const statuses = new Set([...codes.map((code) => String(statusOf(code))), ...gatewayStatuses]);
  return Object.fromEntries(
    [...statuses].toSorted().map((status) => [
      status,
      refusal(
        status,
        codes.filter((code) => String(statusOf(code)) === status),
        gatewayStatuses.includes(status) ? GATEWAY[status] : undefined,
      ),
    ]),
  );
};

interface AnswerOptions {
  readonly example?: unknown;
  readonly headers?: Readonly<Record<string, z.ZodType>>;
}

/** An answer with a JSON body. */
export const answer = (
  description: string,
  schema: z.ZodType,
  { example, headers = {} }: AnswerOptions = {},
): ZodOpenApiResponseObject => ({
  description,
  headers: z.object({ ...HEADERS, ...headers }),
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

/** A JSON body, without which a call does not compile in a generated client. */
export const body = (schema: z.ZodType, examples: Readonly<Record<string, { summary: string; value: unknown }>>) => ({
  required: true,
  content: { 'application/json': { schema, examples: { ...examples } } },
});
