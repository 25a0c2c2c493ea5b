import * as z from 'zod';
import { UploadAnswer } from '../../../functions/media/create-upload.ts';
import { CheckAnswer } from '../../../functions/outbound-send/check.ts';
import { SendAnswer } from '../../../functions/outbound-send/send-answer.ts';
import { Resolution } from '../../../functions/sessions-api/resolve-message.ts';
import { SendRequest } from '../../../functions/shared/domain/content.ts';
import { UploadRequest } from '../../../functions/shared/domain/media-file.ts';
import type { RouteKey } from '../../../functions/shared/http/routes.ts';
import * as answers from './answer-examples.ts';
import { answer, body, REPLAYED_HEADERS } from './answers.ts';
import * as examples from './examples.ts';
import { FullMessage, type Operation, ofChannel, ofMessage } from './operation.ts';

/** Sends, and what became of them. */
export const MESSAGES = {
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
      '201': answer('Accepted by the provider', SendAnswer, { example: answers.SENT, headers: REPLAYED_HEADERS }),
      '202': answer('In doubt: the message may have reached the customer, do not send it again', SendAnswer, {
        example: answers.IN_DOUBT,
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
      'user_id_outdated',
      'owned_by_human',
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
    answers: { '200': answer('The decision', CheckAnswer, { example: answers.ALLOWED }) },
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
      '200': answer('The message', FullMessage, { example: answers.MESSAGE }),
    },
    refusedWith: ['unknown_message', 'message_settled', 'idempotency_in_progress'],
  },
  'POST /v1/channels/{channel}/media': {
    operationId: 'createUpload',
    tags: ['Messages'],
    summary: 'Upload a file that a send then names',
    description:
      'Answers a form: post it as multipart/form-data with all its fields and the file as the last one, `file`. It accepts a file of exactly that type and size, for 15 minutes. A send on this channel names it as `upload`. The file is kept as long as messages are.',
    requestParams: { path: ofChannel },
    requestBody: body(UploadRequest, examples.UPLOADS),
    answers: { '201': answer('The form', UploadAnswer, { example: answers.UPLOAD }) },
    refusedWith: ['unknown_channel'],
  },
  'GET /v1/messages/{id}': {
    operationId: 'getMessage',
    tags: ['Messages'],
    summary: 'An outbound message: status, history of statuses, decision',
    description: 'Messages of customers are read in the thread of the customer.',
    requestParams: { path: ofMessage },
    answers: {
      '200': answer('The message', FullMessage, { example: answers.MESSAGE }),
    },
    refusedWith: ['unknown_message'],
  },
} satisfies Partial<Record<RouteKey, Operation>>;
