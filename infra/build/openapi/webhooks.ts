import * as z from 'zod';
import type { RouteKey } from '../../../functions/shared/http/routes.ts';
import * as examples from './examples.ts';
import { type Operation, ofAccount, webhook } from './operation.ts';

/** The webhooks, which the providers call. */
export const WEBHOOKS = {
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
} satisfies Partial<Record<RouteKey, Operation>>;
