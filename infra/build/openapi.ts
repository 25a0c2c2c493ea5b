import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { CheckAnswer } from '../../functions/outbound-send/check.ts';
import { SendAnswer } from '../../functions/outbound-send/send-answer.ts';
import { ConsentRequest } from '../../functions/sessions-api/consent-request.ts';
import { ConsentView } from '../../functions/sessions-api/consent-view.ts';
import { Erasure } from '../../functions/sessions-api/erase-customer.ts';
import { ConsentRowAnswer, ConsentsRequest } from '../../functions/sessions-api/import-consents.ts';
import { MessageView } from '../../functions/sessions-api/message-view.ts';
import { SessionsQuery } from '../../functions/sessions-api/query-sessions.ts';
import { Resolution } from '../../functions/sessions-api/resolve-message.ts';
import { ClosingPage, ClosingQuery } from '../../functions/sessions-api/show-closing.ts';
import { TemplatesQuery, TemplateView } from '../../functions/sessions-api/show-templates.ts';
import { ThreadQuery } from '../../functions/sessions-api/show-thread.ts';
import { UsageQuery } from '../../functions/sessions-api/show-usage.ts';
import { SendRequest } from '../../functions/shared/domain/content.ts';
import { CustomerName } from '../../functions/shared/domain/customer.ts';
import { UsageView } from '../../functions/shared/domain/usage-view.ts';
import { WindowView } from '../../functions/shared/domain/window-view.ts';
import { Problem } from '../../functions/shared/http/problem.ts';
import { ROUTES, type RouteKey } from '../../functions/shared/http/routes.ts';
import { SyncAnswer } from '../../functions/template-sync/template-sync.ts';

const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

const FILE = new URL('../../docs/openapi.json', import.meta.url);

type Operation = ZodOpenApiOperationObject;

const problems = (statuses: readonly string[]): ZodOpenApiResponsesObject =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: 'The problem, with its reason and the next action',
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  );

const answer = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema } },
});

const consentHeaders = z.object({ ETag: z.string().meta({ description: 'The version, for If-Match, e.g. "3"' }) });
const ofCustomer = z.object({ channel: z.string(), customer: CustomerName });
const ofAccount = z.object({ account: z.string() });
const webhook = (provider: string): Operation => ({
  summary: `Webhook of ${provider}`,
  description:
    'Signed by the provider over the exact bytes. 200 once every update is stored; 5xx makes the provider retry.',
  requestParams: { path: ofAccount },
  requestBody: { content: { 'application/json': { schema: z.looseObject({}) } } },
  responses: { '200': { description: 'Every update is stored' }, ...problems(['401', '404', '413']) },
});

/** The operation of each route; a route without one does not compile. */
const OPERATIONS: Readonly<Record<RouteKey, Operation>> = {
  'GET /webhooks/meta/{account}': {
    summary: 'Meta’s check of the callback URL',
    requestParams: {
      path: ofAccount,
      query: z.object({ 'hub.mode': z.string(), 'hub.verify_token': z.string(), 'hub.challenge': z.string() }),
    },
    responses: {
      '200': { description: 'The challenge', content: { 'text/plain': { schema: z.string() } } },
      ...problems(['403', '404']),
    },
  },
  'POST /webhooks/meta/{account}': webhook('Meta'),
  'POST /webhooks/sinch/{account}': webhook('Sinch'),
  'POST /v1/messages': {
    summary: 'Send a message',
    requestParams: {
      header: z.object({
        'Idempotency-Key': z
          .string()
          .min(1)
          .max(255)
          .optional()
          .meta({ description: 'A key leads to at most one message; a repeated request gets the first response' }),
      }),
    },
    requestBody: { content: { 'application/json': { schema: SendRequest } } },
    responses: {
      '201': answer('Accepted by the provider', SendAnswer),
      '202': answer('In doubt: the message may have reached the customer, do not send it again', SendAnswer),
      ...problems(['400', '404', '409', '422', '502', '503']),
    },
  },
  'POST /v1/messages/check': {
    summary: 'The decision that the same send would get, with nothing sent or reserved',
    requestBody: { content: { 'application/json': { schema: SendRequest } } },
    responses: { '200': answer('The decision', CheckAnswer), ...problems(['400', '404']) },
  },
  'POST /v1/messages/{id}/resolve': {
    summary: 'A person settles a send in doubt; a later status of the provider overrides it',
    requestParams: { path: z.object({ id: z.string() }) },
    requestBody: { content: { 'application/json': { schema: Resolution } } },
    responses: {
      '200': answer('The message', MessageView.extend({ channel: z.string(), customer: z.string() })),
      ...problems(['400', '404', '409']),
    },
  },
  'GET /v1/messages/{id}': {
    summary: 'An outbound message: status, history of statuses, decision',
    requestParams: { path: z.object({ id: z.string() }) },
    responses: {
      '200': answer('The message', MessageView.extend({ channel: z.string(), customer: z.string() })),
      ...problems(['404']),
    },
  },
  'GET /v1/channels/{channel}/customers/{customer}/session': {
    summary: 'The window of a customer; a customer never seen has a closed one',
    requestParams: { path: ofCustomer },
    responses: { '200': answer('The window', WindowView), ...problems(['400', '404']) },
  },
  'GET /v1/channels/{channel}/customers/{customer}/messages': {
    summary: 'The thread with a customer, newest first',
    requestParams: { path: ofCustomer, query: ThreadQuery },
    responses: {
      '200': answer('A page', z.object({ messages: z.array(MessageView), next: z.string().optional() })),
      ...problems(['400', '404']),
    },
  },
  'GET /v1/channels/{channel}/sessions': {
    summary: 'The open windows that end soon, the soonest first',
    description:
      'Sorted by the 5-minute interval in which they end, within a page by the exact end. While nothing changes, pages neither repeat nor skip a window; a window that is extended leaves the list or appears later. A cursor does not expire.',
    requestParams: { path: z.object({ channel: z.string() }), query: ClosingQuery },
    responses: { '200': answer('A page; the last one has no `next`', ClosingPage), ...problems(['400', '404']) },
  },
  'POST /v1/channels/{channel}/sessions/query': {
    summary: 'The windows of up to 100 customers, in the order asked',
    requestParams: { path: z.object({ channel: z.string() }) },
    requestBody: { content: { 'application/json': { schema: SessionsQuery } } },
    responses: {
      '200': answer('The windows', z.object({ sessions: z.array(WindowView) })),
      ...problems(['400', '404']),
    },
  },
  'GET /v1/channels/{channel}/customers/{customer}/consent': {
    summary: 'The consent of a customer with its history; of a customer who never said anything it is unknown',
    requestParams: { path: ofCustomer },
    responses: {
      '200': { ...answer('The consent', ConsentView), headers: consentHeaders },
      ...problems(['400', '404']),
    },
  },
  'PUT /v1/channels/{channel}/customers/{customer}/consent': {
    summary: 'Record a change of consent, with who made it and how',
    description:
      'Takes effect in the second of `effectiveAt`, by default that of the call; one that is older than what is in force enters the history alone. Within the same second an opt-out wins over an opt-in, and a repeated statement is recorded once.',
    requestParams: {
      path: ofCustomer,
      header: z.object({
        'If-Match': z.string().optional().meta({
          description: 'The ETag of the consent that the change was decided on; 412 when it has changed since',
        }),
      }),
    },
    requestBody: { content: { 'application/json': { schema: ConsentRequest } } },
    responses: {
      '200': { ...answer('The consent in force after the change', ConsentView), headers: consentHeaders },
      ...problems(['400', '404', '412', '413']),
    },
  },
  'PUT /v1/channels/{channel}/consents': {
    summary: 'Record the consents of up to 1,000 customers, given elsewhere',
    description:
      'Rows of one customer are recorded in their order. Safe to repeat: a row that was recorded before is `duplicate`. A row without `effectiveAt` is the same statement whenever it is repeated. At most 4 MiB.',
    requestParams: { path: z.object({ channel: z.string() }) },
    requestBody: { content: { 'application/json': { schema: ConsentsRequest } } },
    responses: {
      '200': answer('An answer for each row, in their order', z.object({ consents: z.array(ConsentRowAnswer) })),
      ...problems(['400', '404', '413']),
    },
  },
  'DELETE /v1/channels/{channel}/customers/{customer}': {
    summary: 'Erase a customer of a channel: window, consent, thread, and what was kept of each send',
    description: 'Safe to repeat at any time; for an unknown customer it is done at once.',
    requestParams: { path: ofCustomer },
    responses: {
      '200': answer('The customer is erased', Erasure),
      '202': answer('One call could not remove everything: repeat it until it answers 200', Erasure),
      ...problems(['400', '404', '500']),
    },
  },
  'GET /v1/channels/{channel}/usage': {
    summary: 'Monthly active users, messages by kind and price, and what they cost',
    description: 'Counted from the table’s stream, seconds behind. A month is kept for two years after its end.',
    requestParams: { path: z.object({ channel: z.string() }), query: UsageQuery },
    responses: { '200': answer('The usage', UsageView), ...problems(['400', '404']) },
  },
  'GET /v1/channels/{channel}/templates': {
    summary: 'The templates of the channel’s account, by name and language',
    requestParams: { path: z.object({ channel: z.string() }), query: TemplatesQuery },
    responses: {
      '200': answer('A page', z.object({ templates: z.array(TemplateView), next: z.string().optional() })),
      ...problems(['400', '404']),
    },
  },
  'POST /v1/channels/{channel}/templates/sync': {
    summary: 'Read the templates of the channel’s account from the provider now, as it happens each day',
    requestParams: { path: z.object({ channel: z.string() }) },
    responses: { '200': answer('The result of the sync', SyncAnswer), ...problems(['404', '502', '503']) },
  },
};

const toPaths = () => {
  const operations = new Map<string, Operation>(Object.entries(OPERATIONS));
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { method, path, auth } of ROUTES) {
    const operation = operations.get(`${method} ${path}`);
    if (operation === undefined) throw new Error(`${method} ${path} is not described`);
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        ...operation,
        responses: { ...operation.responses, ...problems(['500']) },
        security: auth === 'iam' ? [{ sigv4: [] }] : [],
      },
    };
  }
  return paths;
};

const render = (): string =>
  `${JSON.stringify(
    createDocument({
      openapi: '3.1.1',
      info: {
        title: 'CareWindow',
        version: manifest.version,
        description:
          'WhatsApp customer care sessions: the window, what may be sent, and the status of what was sent. Generated by npm run openapi from the code; do not edit.',
      },
      paths: toPaths(),
      components: {
        securitySchemes: {
          sigv4: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: 'AWS Signature Version 4, service execute-api',
          },
        },
      },
    }),
    null,
    2,
  )}\n`;

const isCheck = process.argv.includes('--check');
const wanted = render();
if (isCheck && readFileSync(FILE, 'utf8') !== wanted) {
  process.stderr.write('docs/openapi.json differs from the code: run npm run openapi\n');
  process.exitCode = 1;
}
if (!isCheck) writeFileSync(FILE, wanted);
