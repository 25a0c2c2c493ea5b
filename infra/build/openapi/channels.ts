import * as z from 'zod';
import { MessagesQuery } from '../../../functions/sessions-api/find-messages.ts';
import { DeliveryAnswer, ResendRequest, TestRequest } from '../../../functions/sessions-api/send-delivery.ts';
import { ChannelView } from '../../../functions/sessions-api/show-channels.ts';
import { DeliveryView } from '../../../functions/sessions-api/show-deliveries.ts';
import type { RouteKey } from '../../../functions/shared/http/routes.ts';
import * as answers from './answer-examples.ts';
import { answer, body } from './answers.ts';
import * as examples from './examples.ts';
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
  'GET /v1/channels/{channel}/deliveries': {
    operationId: 'listDeliveries',
    tags: ['Channels'],
    summary: 'The HTTPS endpoints that receive the events of a channel, with their last outcomes',
    description: 'The last delivery and the last failure of each are written once a minute at most.',
    requestParams: { path: ofChannel },
    answers: {
      '200': answer('The endpoints', z.object({ deliveries: z.array(DeliveryView) }), { example: answers.DELIVERIES }),
    },
    refusedWith: ['unknown_channel'],
  },
  'POST /v1/channels/{channel}/deliveries/test': {
    operationId: 'testDelivery',
    tags: ['Channels'],
    summary: 'Send a test event to the endpoints of a channel',
    description:
      'A signed event of type `delivery.test`, with no customer; each endpoint gets it once. Read the outcome from listDeliveries.',
    requestParams: { path: ofChannel },
    requestBody: { ...body(TestRequest, examples.DELIVERY_TESTS), required: false },
    answers: { '202': answer('It is on its way', DeliveryAnswer, { example: answers.DELIVERY_SENT }) },
    refusedWith: ['unknown_channel', 'unknown_delivery'],
  },
  'POST /v1/channels/{channel}/deliveries/resend': {
    operationId: 'resendDelivery',
    tags: ['Channels'],
    summary: 'Send an event of a customer again, with the same id',
    description:
      'The event is made anew, as listEvents shows it, and goes to the endpoints that receive its type, with all their attempts.',
    requestParams: { path: ofChannel },
    requestBody: body(ResendRequest, examples.DELIVERY_RESENDS),
    answers: { '202': answer('It is on its way', DeliveryAnswer, { example: answers.DELIVERY_SENT }) },
    refusedWith: ['unknown_channel', 'unknown_event', 'unknown_delivery'],
  },
} satisfies Partial<Record<RouteKey, Operation>>;
