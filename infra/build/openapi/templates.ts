import * as z from 'zod';
import { TemplatesQuery, TemplateView } from '../../../functions/sessions-api/show-templates.ts';
import type { RouteKey } from '../../../functions/shared/http/routes.ts';
import { SyncAnswer } from '../../../functions/template-sync/template-sync.ts';
import * as answers from './answer-examples.ts';
import { answer } from './answers.ts';
import { type Operation, ofChannel } from './operation.ts';

/** The registry of templates. */
export const TEMPLATES = {
  'GET /v1/channels/{channel}/templates': {
    operationId: 'listTemplates',
    tags: ['Templates'],
    summary: 'The templates of the channel’s account, by name and language',
    description: 'As the provider reported them last. Only approved ones may be sent.',
    requestParams: { path: ofChannel, query: TemplatesQuery },
    answers: {
      '200': answer('A page', z.object({ templates: z.array(TemplateView), next: z.string().optional() }), {
        example: answers.TEMPLATES,
      }),
    },
    refusedWith: ['invalid_request', 'unknown_channel'],
  },
  'POST /v1/channels/{channel}/templates/sync': {
    operationId: 'syncTemplates',
    tags: ['Templates'],
    summary: 'Read the templates of the channel’s account from the provider now, as it happens each day',
    description: 'Otherwise the registry is read daily, and kept current by webhooks where the provider has them.',
    requestParams: { path: ofChannel },
    answers: { '200': answer('The result of the sync', SyncAnswer, { example: answers.SYNCED }) },
    refusedWith: ['unknown_channel', 'provider_rejected', 'provider_unavailable', 'provider_rate_limited'],
  },
} satisfies Partial<Record<RouteKey, Operation>>;
