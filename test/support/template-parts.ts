import { TemplateContent } from '../../functions/shared/domain/content.ts';
import type { RegisteredTemplate, Template } from '../../functions/shared/domain/template.ts';

/** A template that is approved, with one parameter in its body. */
export const aTemplate = (overrides: Partial<Template> = {}): Template => ({
  name: 'parcel_news',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [{ type: 'BODY', text: 'There is news on your parcel {{1}}.' }],
  ...overrides,
});

export const aRegisteredTemplate = (overrides: Partial<RegisteredTemplate> = {}): RegisteredTemplate => ({
  ...aTemplate(overrides),
  version: 1,
  ...overrides,
});

/** A template message as a caller writes it. */
export const aTemplateContent = (overrides: Record<string, unknown> = {}): TemplateContent =>
  TemplateContent.parse({ type: 'template', name: 'parcel_news', language: 'en_US', ...overrides });

export const aText = (text = 'LX-204', overrides: Record<string, unknown> = {}) => ({
  type: 'text',
  text,
  ...overrides,
});

export const aBody = (...parameters: readonly object[]) => ({ type: 'body', parameters });
export const aHeader = (...parameters: readonly object[]) => ({ type: 'header', parameters });
export const aButton = (index: number | string, subType: string, ...parameters: readonly object[]) => ({
  type: 'button',
  sub_type: subType,
  index,
  parameters,
});
