import * as z from 'zod';
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
  'GET /v1/channels/{channel}/sessions': {
    operationId: 'listClosingSessions',
    tags: ['Sessions'],
    summary: 'The open windows that end soon, the soonest first',
    description:
      'Sorted by the 5-minute interval in which they end, within a page by the exact end. While nothing changes, pages neither repeat nor skip a window; a window that is extended leaves the list or appears later. A cursor does not expire.',
    requestParams: { path: ofChannel, query: ClosingQuery },
    answers: {
      '200': answer('A page; the last one has no `next`', ClosingPage, { example: { sessions: [answers.WINDOW] } }),
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
        example: { sessions: [answers.WINDOW] },
      }),
    },
    refusedWith: ['unknown_channel'],
  },
} satisfies Partial<Record<RouteKey, Operation>>;
