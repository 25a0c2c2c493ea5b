import type { Template } from './template-parts.ts';
import { partsOf } from './template-parts.ts';

export interface TemplateFilter {
  readonly search: string;
  /** Empty for all. */
  readonly category: string;
  /** Empty for all. */
  readonly language: string;
}

export const EVERY_TEMPLATE: TemplateFilter = { search: '', category: '', language: '' };

const textOf = (template: Template): string =>
  [template.name, ...partsOf(template).map(({ text }) => text)].join('\n').replaceAll('_', ' ').toLowerCase();

/** The templates that fit, those that may be sent on top. */
export const filterTemplates = (
  templates: readonly Template[],
  { search, category, language }: TemplateFilter,
): readonly Template[] => {
  const words = search.toLowerCase().replaceAll('_', ' ').split(/\s+/).filter(Boolean);
  return templates
    .filter((template) => category === '' || template.category === category)
    .filter((template) => language === '' || template.language === language)
    .filter((template) => words.every((word) => textOf(template).includes(word)))
    .toSorted((one, other) => Number(other.status === 'APPROVED') - Number(one.status === 'APPROVED'));
};

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();

export const categoriesOf = (templates: readonly Template[]) => distinct(templates.map(({ category }) => category));
export const languagesOf = (templates: readonly Template[]) => distinct(templates.map(({ language }) => language));
