import type * as z from 'zod';
import type { Template } from '../domain/template.ts';
import type { ProviderError, TemplateList } from './provider.ts';

/** One page of a provider's list; `next` leads to another. */
export interface TemplatePage {
  readonly elements: readonly unknown[];
  readonly next: string | undefined;
}

/** An account holds 6,000 templates at most; more pages than this go in a circle. */
const MAX_PAGES = 200;

const unreadable: TemplateList = {
  kind: 'failed',
  error: { code: 'unreadable_list', title: 'The list of templates cannot be read', class: 'alert' },
};

/**
 * Reads all pages, or fails: half a list would take the other half out of the registry. An element that cannot be
 * read costs none of the others; a list of nothing else has another shape than this service knows.
 */
export const readPages = async (
  schema: z.ZodType<Template | undefined>,
  readPage: (cursor: string | undefined) => Promise<TemplatePage | ProviderError>,
): Promise<TemplateList> => {
  const elements: unknown[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await readPage(cursor);
    if ('code' in page) return { kind: 'failed', error: page };
    elements.push(...page.elements);
    cursor = page.next;
    if (cursor !== undefined) continue;
    const templates = elements.map((element) => schema.safeParse(element).data).filter((one) => one !== undefined);
    return elements.length > 0 && templates.length === 0 ? unreadable : { kind: 'listed', templates };
  }
  return unreadable;
};
