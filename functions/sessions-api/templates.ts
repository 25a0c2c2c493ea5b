import * as z from 'zod';
import { parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { ofChannel } from './addressed.ts';
import { encodeCursor } from './cursor.ts';
import { pageQuery } from './page-query.ts';

/** Query of the registry. */
export const TemplatesQuery = pageQuery(/^[^#]+#[^#]+$/);

/** A template in one language, as the registry has it. */
export const TemplateView = z
  .object({
    name: z.string(),
    language: z.string(),
    status: z.string().meta({ description: 'Only APPROVED may be sent' }),
    category: z.string(),
    quality: z.string().optional(),
    components: z.array(z.looseObject({ type: z.string() })),
    version: z.int(),
  })
  .meta({ id: 'Template' });

/** Shows one page of the templates that a channel can send: those of its account. */
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
