import * as z from 'zod';
import { MediaAnswer, MediaPending, MediaQuery } from '../../../functions/media/show-media.ts';
import { ReadAnswer, ReadRequest } from '../../../functions/outbound-send/mark-read.ts';
import { ConsentRequest } from '../../../functions/sessions-api/consent-request.ts';
import { ConsentView } from '../../../functions/sessions-api/consent-view.ts';
import { Erasure } from '../../../functions/sessions-api/erase-customer.ts';
import { CustomerExport, ExportQuery } from '../../../functions/sessions-api/export-customer.ts';
import { ConsentRowAnswer, ConsentsRequest } from '../../../functions/sessions-api/import-consents.ts';
import { CustomerView } from '../../../functions/sessions-api/show-customer.ts';
import { EventsAnswer, EventsQuery } from '../../../functions/sessions-api/show-events.ts';
import { ThreadAnswer, ThreadQuery } from '../../../functions/sessions-api/show-thread.ts';
import type { RouteKey } from '../../../functions/shared/http/routes.ts';
import * as answers from './answer-examples.ts';
import { answer, body, HEADERS, RETRY_HEADERS } from './answers.ts';
import * as examples from './examples.ts';
import { type Operation, ofChannel, ofCustomer, ofInbound } from './operation.ts';

const consentHeaders = { ETag: z.string().meta({ description: 'The version, for If-Match', example: '"3"' }) };

/** Thread, consent and erasure. */
export const CUSTOMERS = {
  'GET /v1/channels/{channel}/customers/{customer}/messages': {
    operationId: 'listMessages',
    tags: ['Customers'],
    summary: 'The thread with a customer, newest first',
    description: 'Both directions, under every name of the customer.',
    requestParams: { path: ofCustomer, query: ThreadQuery },
    answers: {
      '200': answer('A page', ThreadAnswer, { example: answers.THREAD }),
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
    requestBody: { ...body(ReadRequest, examples.READS), required: false },
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
  'GET /v1/channels/{channel}/customers/{customer}/messages/{id}/media': {
    operationId: 'getMedia',
    tags: ['Customers'],
    summary: 'The file in a message of a customer',
    description:
      'A link that reads the file without credentials for five minutes. The first call copies the provider’s file, and answers 202 where that takes longer than 5 seconds. Images, audio and video are shown by a browser, other files are saved.',
    requestParams: { path: ofInbound, query: MediaQuery },
    answers: {
      '200': answer('The link', MediaAnswer, { example: answers.MEDIA }),
      '202': answer('The copy is under way: repeat after Retry-After', MediaPending, {
        example: { status: 'copying' },
        headers: RETRY_HEADERS,
      }),
      '302': {
        description: 'The link, where `redirect` is `true`',
        headers: z.object({ ...HEADERS, Location: z.string() }),
      },
    },
    refusedWith: ['invalid_request', 'unknown_channel', 'unknown_message', 'unknown_media', 'media_unavailable'],
  },
  'GET /v1/channels/{channel}/customers/{customer}/events': {
    operationId: 'listEvents',
    tags: ['Customers'],
    summary: 'The events of a customer, newest first, made anew from what is stored',
    description:
      'Each has the id with which it was published. A page has the events of `limit` messages, and of the sessions, names and consents between them; those of a page are sorted by their time. Not among them: changes of the owner, consents that are not in force any more, and the announcement of an end that a later message has moved.',
    requestParams: { path: ofCustomer, query: EventsQuery },
    answers: { '200': answer('A page', EventsAnswer, { example: answers.EVENTS }) },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'GET /v1/channels/{channel}/customers/{customer}/export': {
    operationId: 'exportCustomer',
    tags: ['Customers'],
    summary: 'Everything that is kept of a customer, for a person who asks for their data',
    description:
      'Names, profile, window, consent with its last 100 changes, sessions, and one page of the thread; all but the thread are the same on each page. Files of messages are read with getMedia. It is there as long as messages are.',
    requestParams: { path: ofCustomer, query: ExportQuery },
    answers: { '200': answer('A page', CustomerExport, { example: answers.EXPORT }) },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'GET /v1/channels/{channel}/customers/{customer}/consent': {
    operationId: 'getConsent',
    tags: ['Customers'],
    summary: 'The consent of a customer with its history; of a customer who never said anything it is unknown',
    description: 'The newest change is in force; within one second an opt-out wins over an opt-in.',
    requestParams: { path: ofCustomer },
    answers: { '200': answer('The consent', ConsentView, { example: answers.CONSENT, headers: consentHeaders }) },
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
    answers: {
      '200': answer('The consent in force after the change', ConsentView, {
        example: answers.CONSENT,
        headers: consentHeaders,
      }),
    },
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
  'GET /v1/channels/{channel}/customers/{customer}': {
    operationId: 'getCustomer',
    tags: ['Customers'],
    summary: 'A customer under all names: names, profile, consent, window and slot',
    description:
      'Any name of the customer leads to the same answer; `customer` is the canonical one. Of a customer never seen, the consent is unknown and the window closed.',
    requestParams: { path: ofCustomer },
    answers: { '200': answer('The customer', CustomerView, { example: answers.CUSTOMER_VIEW }) },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'DELETE /v1/channels/{channel}/customers/{customer}': {
    operationId: 'eraseCustomer',
    tags: ['Customers'],
    summary: 'Erase a customer of a channel: window, consent, thread, and what was kept of each send',
    description: 'Safe to repeat at any time; for an unknown customer it is done at once.',
    requestParams: { path: ofCustomer },
    answers: {
      '200': answer('The customer is erased', Erasure, { example: answers.ERASED }),
      '202': answer('One call could not remove everything: repeat it until it answers 200', Erasure, {
        example: answers.PARTLY_ERASED,
      }),
    },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
} satisfies Partial<Record<RouteKey, Operation>>;
