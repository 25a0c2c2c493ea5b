import type { Account } from '../shared/domain/config.ts';
import type { HttpEvent, HttpHandler, HttpResponse } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { rawBody } from '../shared/http/request.ts';
import { json, serve } from '../shared/http/respond.ts';
import type { WebhookRuntime } from './runtime.ts';
import { takeItems } from './take-items.ts';

/** What Meta sends at most in one webhook; Sinch sends far less. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

const accountOf = ({ account }: WebhookRuntime, event: HttpEvent): Account | undefined => {
  const found = account(event.pathParameters?.['account']);
  return found !== undefined && event.routeKey.includes(`/webhooks/${found.provider}/`) ? found : undefined;
};

/** Answers Meta's check of the callback URL: the challenge, when the verify token is ours. */
const answerChallenge = async (
  { readerOf, log }: WebhookRuntime,
  account: Account,
  event: HttpEvent,
): Promise<HttpResponse | ProblemDetails> => {
  const challenge = await readerOf(account).answerChallenge(event.queryStringParameters ?? {});
  if (challenge !== undefined) return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: challenge };
  log.warn('inbound-webhook.verify-token-refused', { account: account.id });
  return {
    code: 'invalid_verify_token',
    detail: 'hub.verify_token is not the verifyToken in the secret of this account.',
  };
};

const takeWebhook = async (
  runtime: WebhookRuntime,
  account: Account,
  event: HttpEvent,
): Promise<HttpResponse | ProblemDetails> => {
  const body = rawBody(event);
  if (body.length > MAX_BODY_BYTES)
    return { code: 'body_too_large', detail: `A webhook body holds ${MAX_BODY_BYTES} bytes at most.` };
  const reader = runtime.readerOf(account);
  const verified = await reader.verify(body, event.headers, runtime.now());
  if (!verified.ok) {
    runtime.log.warn('inbound-webhook.signature-refused', { account: account.id, reason: verified.reason });
    runtime.log.count('SignatureFailures');
    return { code: 'invalid_signature', detail: 'The body is not signed with a live secret of this account.' };
  }
  const durable = await takeItems(runtime, { account, requestId: event.requestContext.requestId }, reader.parse(body));
  return durable
    ? json(200, {})
    : { code: 'internal', detail: 'Not every update could be stored: please deliver this webhook again.' };
};

/** Receives the providers' webhooks: verified over the exact bytes, durable before the 200 (R15). */
export const createInboundWebhook = (runtime: WebhookRuntime): HttpHandler =>
  serve(runtime.log, async (event) => {
    const account = accountOf(runtime, event);
    if (account === undefined)
      return { code: 'unknown_account', detail: 'No account of this provider has the id in the path.' };
    return event.requestContext.http.method === 'GET'
      ? answerChallenge(runtime, account, event)
      : takeWebhook(runtime, account, event);
  });
