import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { createDocument, type ZodOpenApiObject, type ZodOpenApiOperationObject } from 'zod-openapi';
import { CheckAnswer } from '../../functions/outbound-send/check.ts';
import { ReadAnswer, ReadRequest } from '../../functions/outbound-send/mark-read.ts';
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
import { UsageView } from '../../functions/shared/domain/usage-view.ts';
import { WindowView } from '../../functions/shared/domain/window-view.ts';
import type { ProblemCode } from '../../functions/shared/http/problem.ts';
import { isPublic, OAUTH_ROOT, ROUTES, type Route, type RouteKey } from '../../functions/shared/http/routes.ts';
import { SyncAnswer } from '../../functions/template-sync/template-sync.ts';
import { answer, body, problemExample, REPLAYED_HEADERS, refusals } from './openapi-answers.ts';
import * as examples from './openapi-examples.ts';
import {
  FullMessage,
  type Operation,
  ofAccount,
  ofChannel,
  ofCustomer,
  ofInbound,
  ofMessage,
  TAGS,
  webhook,
} from './openapi-operation.ts';

const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

const FILE = new URL('../../docs/openapi.json', import.meta.url);

const consentHeaders = { ETag: z.string().meta({ description: 'The version, for If-Match', example: '"3"' }) };

/** The operation of each route; a route without one does not compile. */
const OPERATIONS: Readonly<Record<RouteKey, Operation>> = {
  'GET /webhooks/meta/{account}': {
    operationId: 'verifyMetaCallback',
    tags: ['Webhooks'],
    summary: 'Meta’s check of the callback URL',
    description: 'Meta calls it once, when the callback URL is registered; the answer is `hub.challenge`.',
    requestParams: {
      path: ofAccount,
      query: z.object({ 'hub.mode': z.string(), 'hub.verify_token': z.string(), 'hub.challenge': z.string() }),
    },
    answers: {
      '200': { description: 'The challenge', content: { 'text/plain': { schema: z.string(), example: '1158201444' } } },
    },
    refusedWith: ['invalid_verify_token', 'unknown_account'],
  },
  'POST /webhooks/meta/{account}': webhook({
    name: 'Meta',
    operationId: 'receiveMetaWebhook',
    signature: z.object({ 'x-hub-signature-256': z.string() }),
    examples: examples.META_WEBHOOK,
  }),
  'POST /webhooks/sinch/{account}': webhook({
    name: 'Sinch',
    operationId: 'receiveSinchWebhook',
    signature: z.object({
      'x-sinch-webhook-signature': z.string(),
      'x-sinch-webhook-signature-timestamp': z.string(),
      'x-sinch-webhook-signature-nonce': z.string(),
    }),
    examples: examples.SINCH_WEBHOOK,
  }),
  'POST /v1/messages': {
    operationId: 'sendMessage',
    tags: ['Messages'],
    summary: 'Send a message',
    description:
      'Sends if window, consent and template allow it, and refuses otherwise without a call to the provider. Repeat a call whose answer was lost with the same Idempotency-Key.',
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
    requestBody: body(SendRequest, examples.SENDS),
    answers: {
      '201': answer('Accepted by the provider', SendAnswer, { example: examples.SENT, headers: REPLAYED_HEADERS }),
      '202': answer('In doubt: the message may have reached the customer, do not send it again', SendAnswer, {
        example: examples.IN_DOUBT,
        headers: REPLAYED_HEADERS,
      }),
    },
    refusedWith: [
      'unknown_channel',
      'unknown_message',
      'window_closed',
      'not_opted_in',
      'opted_out',
      'reengagement_used',
      'idempotency_in_progress',
      'message_settled',
      'provider_window_closed',
      'idempotency_mismatch',
      'template_unknown',
      'template_not_approved',
      'template_parameters_invalid',
      'unsupported_by_provider',
      'provider_rejected',
      'provider_unavailable',
      'provider_rate_limited',
    ],
  },
  'POST /v1/messages/check': {
    operationId: 'checkMessage',
    tags: ['Messages'],
    summary: 'The decision that the same send would get, with nothing sent or reserved',
    description: 'A refusal is part of the decision, and is answered with 200 too.',
    requestBody: body(SendRequest, examples.SENDS),
    answers: { '200': answer('The decision', CheckAnswer, { example: examples.ALLOWED }) },
    refusedWith: ['unknown_channel'],
  },
  'POST /v1/messages/{id}/resolve': {
    operationId: 'resolveMessage',
    tags: ['Messages'],
    summary: 'A person settles a send in doubt; a later status of the provider overrides it',
    description:
      'Only a send in doubt can be settled by hand. `not_sent` makes it failed and frees the re-engagement slot.',
    requestParams: { path: ofMessage },
    requestBody: body(Resolution, examples.RESOLUTIONS),
    answers: {
      '200': answer('The message', FullMessage),
    },
    refusedWith: ['unknown_message', 'message_settled', 'idempotency_in_progress'],
  },
  'GET /v1/messages/{id}': {
    operationId: 'getMessage',
    tags: ['Messages'],
    summary: 'An outbound message: status, history of statuses, decision',
    description: 'Messages of customers are read in the thread of the customer.',
    requestParams: { path: ofMessage },
    answers: {
      '200': answer('The message', FullMessage),
    },
    refusedWith: ['unknown_message'],
  },
  'GET /v1/channels/{channel}/customers/{customer}/session': {
    operationId: 'getSession',
    tags: ['Sessions'],
    summary: 'The window of a customer; a customer never seen has a closed one',
    description:
      '`expiresAt` is 24 hours after the provider’s timestamp of the customer’s last message. `allowed` and `nextAction` say what may be sent now.',
    requestParams: { path: ofCustomer },
    answers: { '200': answer('The window', WindowView, { example: examples.WINDOW }) },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'GET /v1/channels/{channel}/customers/{customer}/messages': {
    operationId: 'listMessages',
    tags: ['Customers'],
    summary: 'The thread with a customer, newest first',
    description: 'Both directions, under every name of the customer.',
    requestParams: { path: ofCustomer, query: ThreadQuery },
    answers: {
      '200': answer('A page', z.object({ messages: z.array(MessageView), next: z.string().optional() })),
    },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'POST /v1/channels/{channel}/customers/{customer}/messages/{id}/read': {
    operationId: 'markMessageRead',
    tags: ['Customers'],
    summary: 'Mark a customer’s message, and those before it, as read',
    description:
      'The customer sees the blue marks and, with `typing`, that an answer is being written. It opens, extends and costs nothing, and may be repeated. The body may be left out.',
    requestParams: { path: ofInbound },
    requestBody: body(ReadRequest, examples.READS),
    answers: { '200': answer('It is marked', ReadAnswer, { example: { read: true, typing: true } }) },
    refusedWith: [
      'unknown_channel',
      'unknown_message',
      'unsupported_by_provider',
      'provider_rejected',
      'provider_unavailable',
      'provider_rate_limited',
    ],
  },
  'GET /v1/channels/{channel}/sessions': {
    operationId: 'listClosingSessions',
    tags: ['Sessions'],
    summary: 'The open windows that end soon, the soonest first',
    description:
      'Sorted by the 5-minute interval in which they end, within a page by the exact end. While nothing changes, pages neither repeat nor skip a window; a window that is extended leaves the list or appears later. A cursor does not expire.',
    requestParams: { path: ofChannel, query: ClosingQuery },
    answers: {
      '200': answer('A page; the last one has no `next`', ClosingPage, { example: { sessions: [examples.WINDOW] } }),
    },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'POST /v1/channels/{channel}/sessions/query': {
    operationId: 'querySessions',
    tags: ['Sessions'],
    summary: 'The windows of up to 100 customers, in the order asked',
    description: 'For lists of conversations: one call instead of one for each customer.',
    requestParams: { path: ofChannel },
    requestBody: body(SessionsQuery, examples.QUERIES),
    answers: {
      '200': answer('The windows', z.object({ sessions: z.array(WindowView) }), {
        example: { sessions: [examples.WINDOW] },
      }),
    },
    refusedWith: ['unknown_channel'],
  },
  'GET /v1/channels/{channel}/customers/{customer}/consent': {
    operationId: 'getConsent',
    tags: ['Customers'],
    summary: 'The consent of a customer with its history; of a customer who never said anything it is unknown',
    description: 'The newest change is in force; within one second an opt-out wins over an opt-in.',
    requestParams: { path: ofCustomer },
    answers: { '200': answer('The consent', ConsentView, { headers: consentHeaders }) },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'PUT /v1/channels/{channel}/customers/{customer}/consent': {
    operationId: 'putConsent',
    tags: ['Customers'],
    summary: 'Record a change of consent, with who made it and how',
    description:
      'Takes effect in the second of `effectiveAt`, by default that of the call; one that is older than what is in force enters the history alone. Within the same second an opt-out wins over an opt-in, and a repeated statement is recorded once.',
    requestParams: {
      path: ofCustomer,
      header: z.object({
        'If-Match': z.string().optional().meta({
          description: 'The ETag of the consent that the change was decided on; 412 when it has changed since',
          example: '"3"',
        }),
      }),
    },
    requestBody: body(ConsentRequest, examples.CONSENTS),
    answers: { '200': answer('The consent in force after the change', ConsentView, { headers: consentHeaders }) },
    refusedWith: ['unknown_channel', 'precondition_failed'],
  },
  'PUT /v1/channels/{channel}/consents': {
    operationId: 'putConsents',
    tags: ['Customers'],
    summary: 'Record the consents of up to 1,000 customers, given elsewhere',
    description:
      'Rows of one customer are recorded in their order. Safe to repeat: a row that was recorded before is `duplicate`. A row without `effectiveAt` is the same statement whenever it is repeated. At most 4 MiB.',
    requestParams: { path: ofChannel },
    requestBody: body(ConsentsRequest, examples.CONSENT_IMPORTS),
    answers: {
      '200': answer('An answer for each row, in their order', z.object({ consents: z.array(ConsentRowAnswer) }), {
        example: { consents: [{ customer: '+15551234567', outcome: 'applied' }] },
      }),
    },
    refusedWith: ['unknown_channel'],
  },
  'DELETE /v1/channels/{channel}/customers/{customer}': {
    operationId: 'eraseCustomer',
    tags: ['Customers'],
    summary: 'Erase a customer of a channel: window, consent, thread, and what was kept of each send',
    description: 'Safe to repeat at any time; for an unknown customer it is done at once.',
    requestParams: { path: ofCustomer },
    answers: {
      '200': answer('The customer is erased', Erasure),
      '202': answer('One call could not remove everything: repeat it until it answers 200', Erasure),
    },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'GET /v1/channels/{channel}/usage': {
    operationId: 'getUsage',
    tags: ['Usage'],
    summary: 'Monthly active users, messages by kind and price, and what they cost',
    description: 'Counted from the table’s stream, seconds behind. A month is kept for two years after its end.',
    requestParams: { path: ofChannel, query: UsageQuery },
    answers: { '200': answer('The usage', UsageView) },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'GET /v1/channels/{channel}/templates': {
    operationId: 'listTemplates',
    tags: ['Templates'],
    summary: 'The templates of the channel’s account, by name and language',
    description: 'As the provider reported them last. Only approved ones may be sent.',
    requestParams: { path: ofChannel, query: TemplatesQuery },
    answers: {
      '200': answer('A page', z.object({ templates: z.array(TemplateView), next: z.string().optional() })),
    },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'POST /v1/channels/{channel}/templates/sync': {
    operationId: 'syncTemplates',
    tags: ['Templates'],
    summary: 'Read the templates of the channel’s account from the provider now, as it happens each day',
    description: 'Otherwise the registry is read daily, and kept current by webhooks where the provider has them.',
    requestParams: { path: ofChannel },
    answers: { '200': answer('The result of the sync', SyncAnswer) },
    refusedWith: ['unknown_channel', 'provider_rejected', 'provider_unavailable', 'provider_rate_limited'],
  },
};

/** The statuses with which API Gateway itself answers. */
const gatewayStatuses = (route: Route, hasBody: boolean): readonly string[] => [
  ...(isPublic(route) ? [] : ['401', '403']),
  ...(hasBody ? ['413'] : []),
  '429',
  '500',
  '503',
];

/** Every code with which a route is refused. */
const codesOf = ({ requestBody, refusedWith }: Operation, route: Route): readonly ProblemCode[] => {
  const { method } = route;
  const hasBody = requestBody !== undefined;
  const codes = new Set<ProblemCode>([
    ...(hasBody && !isPublic(route) ? ['invalid_request' as const] : []),
    ...(isPublic(route) ? [] : ['insufficient_scope' as const]),
    ...refusedWith,
    ...(hasBody ? ['body_too_large' as const] : []),
    ...(method === 'GET' || method === 'DELETE' ? [] : ['unsupported_encoding' as const]),
    'internal',
  ]);
  return [...codes];
};

type Server = NonNullable<ZodOpenApiObject['servers']>[number];

const ORIGIN = {
  origin: { default: 'http://127.0.0.1:8080', description: 'The output `ApiUrl` of a stage; by default the local run' },
};

const SERVERS: readonly [Server, Server] = [
  {
    url: '{origin}',
    description: 'Signed with AWS Signature Version 4; the local run accepts unsigned calls',
    variables: ORIGIN,
  },
  { url: `{origin}${OAUTH_ROOT}`, description: 'With an OAuth 2.0 access token', variables: ORIGIN },
];

/** What each scope allows. */
const SCOPES = {
  'carewindow/read': 'Read windows, threads, consent, usage and templates',
  'carewindow/send': 'Send messages and record consent',
  'carewindow/admin': 'Erase, import, settle sends in doubt, sync templates',
};

const toOperation = ({ answers, refusedWith, ...operation }: Operation, route: Route): ZodOpenApiOperationObject => ({
  ...operation,
  responses: {
    ...answers,
    ...refusals(
      codesOf({ answers, refusedWith, ...operation }, route),
      gatewayStatuses(route, operation.requestBody !== undefined),
    ),
  },
  ...(route.auth === 'signature'
    ? { security: [], servers: [SERVERS[0]] }
    : { security: [{ sigv4: [] }, { oauth2: [`carewindow/${route.auth}`] }] }),
});

const operations = new Map<string, Operation>(Object.entries(OPERATIONS));

const toPaths = () => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of ROUTES) {
    const { method, path } = route;
    const operation = operations.get(`${method} ${path}`);
    if (operation === undefined) throw new Error(`${method} ${path} is not described`);
    paths[path] = { ...paths[path], [method.toLowerCase()]: toOperation(operation, route) };
  }
  return paths;
};

const codesInUse = (): readonly ProblemCode[] => {
  const codes = ROUTES.flatMap((route) => {
    const operation = operations.get(`${route.method} ${route.path}`);
    return operation === undefined ? [] : codesOf(operation, route);
  });
  return [...new Set(codes)].toSorted();
};

const INFO = {
  title: 'CareWindow',
  version: manifest.version,
  description:
    'WhatsApp customer care sessions: the window, what may be sent, and the status of what was sent. HEAD is answered wherever GET is; another method of a known path is 405 with Allow, an unknown path 404. Generated by npm run openapi from the code; do not edit.',
  contact: { name: 'The operator of this stage' },
  license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
};

const render = (): string =>
  `${JSON.stringify(
    createDocument(
      {
        openapi: '3.1.1',
        info: INFO,
        servers: [...SERVERS],
        tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
        paths: toPaths(),
        components: {
          examples: Object.fromEntries(codesInUse().map((code) => [code, problemExample(code)])),
          securitySchemes: {
            sigv4: {
              type: 'apiKey',
              in: 'header',
              name: 'Authorization',
              description: 'AWS Signature Version 4, service execute-api',
            },
            oauth2: {
              type: 'oauth2',
              description:
                'An access token of the issuer that the stage names; here the token endpoint of the local run',
              flows: { clientCredentials: { tokenUrl: 'http://127.0.0.1:8080/_local/oauth2/token', scopes: SCOPES } },
            },
          },
        },
      },
      {
        // `const` in each branch tells them apart; generators take nested discriminators for names of schemas.
        override: ({ jsonSchema }) => {
          Reflect.deleteProperty(jsonSchema, 'discriminator');
        },
      },
    ),
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
