import * as z from 'zod';
import { parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { encodeCursor } from './cursor.ts';
import { pageQuery } from './page-query.ts';
import { ofChannel } from './path-parameters.ts';

export const TemplatesQuery = pageQuery(/^[^#]+#[^#]+$/);

/** A registered template in one language. */
export const TemplateView = z
  .object({
    name: z.string(),
    language: z.string(),
    status: z.string().meta({ description: 'Only APPROVED may be sent' }),
    category: z.string(),
    quality: z.string().optional(),
    components: z.array(z.looseObject({ type: z.string() })),
    ttlSeconds: z.int().optional().meta({
      description:
        'How long WhatsApp tries to deliver it; absent for its default, 30 days, or 10 minutes for authentication',
    }),
    version: z.int(),
  })
  .meta({ id: 'Template' });

/** Shows one page of the templates of the channel's account. */
export const showTemplates = ofChannel(async ({ store }, { account }, event) => {
  const query = parseWith(TemplatesQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const { limit, cursor: after } = query.value;
  const page = await store.listTemplates({ account, limit, after });
  return json(200, {
    templates: page.templates,
    next: page.next === undefined ? undefined : encodeCursor(page.next),
  });
});
