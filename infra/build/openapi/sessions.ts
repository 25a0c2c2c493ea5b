import * as z from 'zod';
import { ReleaseRequest, TakeRequest } from '../../../functions/outbound-send/owner-request.ts';
import { ListedSession } from '../../../functions/sessions-api/listed-session.ts';
import { SessionsQuery } from '../../../functions/sessions-api/query-sessions.ts';
import { ClosingPage, ClosingQuery } from '../../../functions/sessions-api/show-closing.ts';
import { WindowView } from '../../../functions/shared/domain/window-view.ts';
import type { RouteKey } from '../../../functions/shared/http/routes.ts';
import * as answers from './answer-examples.ts';
import { answer, body } from './answers.ts';
import * as examples from './examples.ts';
import { type Operation, ofChannel, ofCustomer } from './operation.ts';

/** The windows of customers. */
export const SESSIONS = {
  'GET /v1/channels/{channel}/customers/{customer}/session': {
    operationId: 'getSession',
    tags: ['Sessions'],
    summary: 'The window of a customer; a customer never seen has a closed one',
    description:
      '`expiresAt` is 24 hours after the provider’s timestamp of the customer’s last message. `allowed` and `nextAction` say what may be sent now.',
    requestParams: { path: ofCustomer },
    answers: { '200': answer('The window', WindowView, { example: answers.WINDOW }) },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'POST /v1/channels/{channel}/customers/{customer}/session/take': {
    operationId: 'takeSession',
    tags: ['Sessions'],
    summary: 'Take a conversation, from the owner that the caller saw',
    description:
      'While a person holds it, what a bot sends is refused as `owned_by_human`. A bot’s hold ends with the session, a person’s with its release or `until`. Where the account uses thread control, it is taken from Meta’s Business Agent at Meta too.',
    requestParams: { path: ofCustomer },
    requestBody: body(TakeRequest, examples.TAKES),
    answers: { '200': answer('The window, with its owner', WindowView, { example: answers.WINDOW }) },
    refusedWith: [
      'unknown_channel',
      'owner_changed',
      'window_closed',
      'provider_rejected',
      'provider_unavailable',
      'provider_rate_limited',
    ],
  },
  'POST /v1/channels/{channel}/customers/{customer}/session/release': {
    operationId: 'releaseSession',
    tags: ['Sessions'],
    summary: 'Release a conversation',
    description:
      'Safe to repeat. Where the account uses thread control, the conversation is handed back to Meta’s Business Agent.',
    requestParams: { path: ofCustomer },
    requestBody: body(ReleaseRequest, examples.RELEASES),
    answers: { '200': answer('The window, without an owner', WindowView, { example: answers.WINDOW }) },
    refusedWith: ['unknown_channel', 'owner_changed', 'provider_unavailable', 'provider_rate_limited'],
  },
  'GET /v1/channels/{channel}/sessions': {
    operationId: 'listClosingSessions',
    tags: ['Sessions'],
    summary: 'The open windows that end soon, the soonest first',
    description:
      'Sorted by the end within a page, and over all pages for the next hour and for the closing lead of the channel; beyond that, pages are sorted roughly. While nothing changes, pages neither repeat nor skip a window; a window that is extended leaves the list or appears later. A cursor does not expire.',
    requestParams: { path: ofChannel, query: ClosingQuery },
    answers: {
      '200': answer('A page; the last one has no `next`', ClosingPage, { example: { sessions: [answers.LISTED] } }),
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
      '200': answer('The windows', z.object({ sessions: z.array(ListedSession) }), {
        example: { sessions: [answers.LISTED] },
      }),
    },
    refusedWith: ['unknown_channel'],
  },
} satisfies Partial<Record<RouteKey, Operation>>;
