import { UsageQuery } from '../../../functions/sessions-api/show-usage.ts';
import { UsageView } from '../../../functions/shared/domain/usage-view.ts';
import type { RouteKey } from '../../../functions/shared/http/routes.ts';
import * as answers from './answer-examples.ts';
import { answer } from './answers.ts';
import { type Operation, ofChannel } from './operation.ts';

/** Active users, messages and cost. */
export const USAGE = {
  'GET /v1/channels/{channel}/usage': {
    operationId: 'getUsage',
    tags: ['Usage'],
    summary: 'Monthly active users, messages by kind and price, and what they cost',
    description: 'Counted from the table’s stream, seconds behind. A month is kept for two years after its end.',
    requestParams: { path: ofChannel, query: UsageQuery },
    answers: { '200': answer('The usage', UsageView, { example: answers.USAGE }) },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
} satisfies Partial<Record<RouteKey, Operation>>;
