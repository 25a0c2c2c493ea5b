import { isWebhookAccount, type WebhookAccount } from '../shared/domain/config.ts';
import type { HttpEvent, HttpHandler } from '../shared/http/handler.ts';
import { rawBody } from '../shared/http/request.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import type { RoutePathOf } from '../shared/http/routes.ts';
import { type Responder, type Responders, serveRoutes } from '../shared/http/serve-routes.ts';
import { recordItems } from '../shared/inbound/record-items.ts';
import type { WebhookRuntime } from './runtime.ts';

/** Meta's limit of one webhook; Sinch sends far less. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

const webhookPath = ({ provider }: WebhookAccount): RoutePathOf<'inbound-webhook'> => `/webhooks/${provider}/{account}`;

/** Answers a webhook of an account of the provider that the route names. */
const ofAccount =
  (
    answer: (runtime: WebhookRuntime, account: WebhookAccount, event: HttpEvent) => Promise<Answer>,
  ): Responder<WebhookRuntime> =>
  async (runtime, event) => {
    const account = runtime.account(event.pathParameters?.['account']);
    return account !== undefined && isWebhookAccount(account) && event.routeKey.endsWith(` ${webhookPath(account)}`)
      ? answer(runtime, account, event)
      : { code: 'unknown_account', detail: 'No account of this provider has the id in the path.' };
  };

/** Answers Meta's check of the callback URL with its challenge when the verify token is right. */
const answerChallenge = ofAccount(async ({ readerOf, log }, account, event) => {
  const challenge = await readerOf(account).answerChallenge(event.queryStringParameters ?? {});
  if (challenge !== undefined) return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: challenge };
  log.warn('inbound-webhook.verify-token-refused', { account: account.id });
  return {
    code: 'invalid_verify_token',
    detail: 'hub.verify_token differs from the verifyToken in the secret of this account: set both to the same value.',
  };
});

/** Verifies the signature before it parses anything, and answers 200 when every item is stored (R15). */
const receiveWebhook = ofAccount(async (runtime, account, event) => {
  const body = rawBody(event);
  if (body.length > MAX_BODY_BYTES)
    return {
      code: 'body_too_large',
      detail: `A webhook of Meta has at most ${MAX_BODY_BYTES} bytes, and CareWindow accepts no larger one.`,
    };
  const reader = runtime.readerOf(account);
  const verified = await reader.verify(body, event.headers, runtime.now());
  if (!verified.ok) {
    runtime.log.warn('inbound-webhook.signature-refused', { account: account.id, reason: verified.reason });
    runtime.log.count('SignatureFailures');
    return { code: 'invalid_signature', detail: 'The body is not signed with a current secret of this account.' };
  }
  const { requestId } = event.requestContext;
  return (await recordItems(runtime, { account, requestId }, reader.parse(body)))
    ? json(200, {})
    : { code: 'internal', detail: 'At least one item of this webhook was not stored: deliver the webhook again.' };
});

const RESPONDERS = {
  'GET /webhooks/meta/{account}': answerChallenge,
  'POST /webhooks/meta/{account}': receiveWebhook,
  'POST /webhooks/sinch/{account}': receiveWebhook,
} satisfies Responders<'inbound-webhook', WebhookRuntime>;

/** Receives the providers' webhooks. */
export const createInboundWebhook = (runtime: WebhookRuntime): HttpHandler => serveRoutes(runtime, RESPONDERS);
