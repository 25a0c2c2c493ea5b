import type { Template } from '../../functions/shared/domain/template.ts';
import { NOON } from './arrivals.ts';
import type { TestTable } from './table.ts';

/** An approved utility template with two positional parameters. */
export const aTemplate = (overrides: Partial<Template> = {}): Template => ({
  name: 'order_update',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [{ type: 'BODY', text: 'Hello {{1}}, your order {{2}} is on its way.' }],
  ...overrides,
});

/** The same as a request sends it. */
export const aTemplateContent = (overrides: Record<string, unknown> = {}) => ({
  type: 'template',
  name: 'order_update',
  language: 'en_US',
  components: [
    {
      type: 'body',
      parameters: [
        { type: 'text', text: 'Mira' },
        { type: 'text', text: '4711' },
      ],
    },
  ],
  ...overrides,
});

/** Puts templates into the registry of the Meta account that the tests use. */
export const register = (table: Pick<TestTable, 'store'>, ...templates: readonly Template[]) =>
  table.store.replaceTemplates({ account: 'shop-meta', templates, askedAt: NOON });
