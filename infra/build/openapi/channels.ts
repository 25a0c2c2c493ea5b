import * as z from 'zod';
import { MessagesQuery } from '../../../functions/sessions-api/find-messages.ts';
import { ChannelView } from '../../../functions/sessions-api/show-channels.ts';
import type { RouteKey } from '../../../functions/shared/http/routes.ts';
import * as answers from './answer-examples.ts';
import { answer } from './answers.ts';
import { FullMessage, type Operation, ofChannel } from './operation.ts';

/** The channels, and what is found in one. */
export const CHANNELS = {
  'GET /v1/channels': {
    operationId: 'listChannels',
    tags: ['Channels'],
    summary: 'The channels that the caller may know of',
    description: 'With an access token that is bound to channels, those alone. Nothing of it is secret.',
    answers: {
      '200': answer('The channels', z.object({ channels: z.array(ChannelView) }), { example: answers.CHANNELS }),
    },
    refusedWith: [],
  },
  'GET /v1/channels/{channel}/messages': {
    operationId: 'findMessages',
    tags: ['Channels'],
    summary: 'The sends with a reference of the caller, or those in doubt',
    description:
      'In the order of their ids. Several sends may share a `clientReference`; it is found as long as the message. With `status=in_doubt`, the sends whose outcome is unknown: follow them up with the customer or WhatsApp, and settle each with resolve. One that has just become in doubt may appear a moment later.',
    requestParams: { path: ofChannel, query: MessagesQuery },
    answers: {
      '200': answer('A page', z.object({ messages: z.array(FullMessage), next: z.string().optional() }), {
        example: { messages: [answers.MESSAGE] },
      }),
    },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
} satisfies Partial<Record<RouteKey, Operation>>;
