import type * as z from 'zod';
import type { Template } from '../domain/template.ts';
import type { ErrorClass, ProviderError, TemplateList } from './provider.ts';

/** One page of a provider's list; `next` is the cursor of the following one. */
export interface TemplatePage {
  readonly elements: readonly unknown[];
  readonly next: string | undefined;
}

/** Of the call for one page. */
export const LIST_TIMEOUT_MS = 10_000;

/** An account has 6,000 templates at most; more pages than this mean that the cursor repeats. */
const MAX_PAGES = 200;

export const UNREADABLE_LIST: ProviderError = {
  code: 'unreadable_list',
  title: 'The list of templates has a format that this service does not know',
  class: 'alert',
};

const failed = (error: ProviderError): TemplateList => ({ kind: 'failed', error });

/** Classifies an HTTP status that is no success and carries no error that we know. */
export const listErrorClass = (status: number): ErrorClass => {
  if (status === 429) return 'retry_later';
  return status >= 500 ? 'retry_now' : 'alert';
};

/**
 * Reads all pages, or fails: a partial list would remove the missing templates from the registry. Elements that cannot
 * be read are skipped, unless all of them are: then the provider has changed its format.
 */
export const readPages = async (
  schema: z.ZodType<Template | undefined>,
  readPage: (cursor: string | undefined) => Promise<TemplatePage | ProviderError>,
): Promise<TemplateList> => {
  const elements: unknown[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await readPage(cursor);
    if ('code' in page) return failed(page);
    elements.push(...page.elements);
    cursor = page.next;
    if (cursor !== undefined) continue;
    const templates = elements.map((element) => schema.safeParse(element).data).filter((one) => one !== undefined);
    return elements.length > 0 && templates.length === 0 ? failed(UNREADABLE_LIST) : { kind: 'listed', templates };
  }
  return failed(UNREADABLE_LIST);
};
