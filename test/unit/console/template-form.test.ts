import { describe, expect, it } from 'vitest';
import {
  type FieldKind,
  fieldsOf,
  missingIn,
  piecesOf,
  toComponents,
} from '../../../functions/console/page/composer/template-form.ts';
import { TemplateContent } from '../../../functions/shared/domain/content.ts';
import { checkTemplate } from '../../../functions/shared/domain/template-check.ts';
import { CATALOG } from '../../../infra/local/simulator/template-catalog.ts';

const VALUES: Readonly<Record<FieldKind, string>> = {
  text: 'A-4711',
  link: 'https://example.com/picture.jpg',
  place: '52.5163, 13.3777',
  moment: '2026-12-24T18:00',
};

/** The templates of the simulated business, as the registry shows them. */
const REGISTRY = CATALOG.map((template) => ({
  ...template,
  status: 'APPROVED',
  version: 1,
  components: template.components.map((component) => ({ ...component })),
}));

const aTemplate = (...components: { type: string; [field: string]: unknown }[]) => ({
  name: 'a_template',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  version: 1,
  components,
});

type Template = Parameters<typeof fieldsOf>[0];

const valuesFor = (template: Template) =>
  Object.fromEntries((fieldsOf(template) ?? []).map(({ id, kind }) => [id, VALUES[kind]]));

const contentOf = (template: Template) =>
  TemplateContent.parse({
    type: 'template',
    name: template.name,
    language: template.language,
    components: toComponents(template, valuesFor(template)),
  });

describe('the form of a template', () => {
  it.each(REGISTRY)('fills $name so that the service accepts it', (template) => {
    const { name, language, category, status, components } = template;
    const registered = [{ name, language, category, status, version: 1, updatedAt: 0, components }];

    expect(checkTemplate(registered as never, contentOf(template))).toMatchObject({ kind: 'ready' });
  });

  it('asks for each value once, by its name where the template names it', () => {
    const template = aTemplate({ type: 'BODY', text: 'Hello {{first_name}}, {{ first_name }}: {{day}}.' });

    expect(fieldsOf(template)?.map(({ label }) => label)).toEqual(['first name', 'day']);
    expect(contentOf(template).components).toEqual([
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'A-4711', parameter_name: 'first_name' },
          { type: 'text', text: 'A-4711', parameter_name: 'day' },
        ],
      },
    ]);
  });

  it.each([
    [{ type: 'HEADER', format: 'LOCATION' }, { location: { latitude: '52.5163', longitude: '13.3777' } }],
    [{ type: 'HEADER', format: 'VIDEO' }, { video: { link: VALUES.link } }],
  ])('fills %j', (component, parameter) => {
    expect(contentOf(aTemplate(component)).components).toMatchObject([{ type: 'header', parameters: [parameter] }]);
  });

  it.each([
    { type: 'HEADER', format: 'PRODUCT' },
    { type: 'BUTTONS', buttons: [{ type: 'MPM', text: 'Products' }] },
  ])('leaves %j to the API', (component) => {
    expect(fieldsOf(aTemplate(component))).toBeUndefined();
  });

  it('is complete only when every field holds what it asks for', () => {
    const fields = fieldsOf(
      aTemplate(
        { type: 'HEADER', format: 'IMAGE' },
        { type: 'BODY', text: '{{1}}' },
        { type: 'LIMITED_TIME_OFFER', hasExpiration: true },
      ),
    );

    const missing = (values: Record<string, string>) => missingIn(fields ?? [], values).map(({ id }) => id);
    expect(missing({})).toEqual(['header', 'body.1', 'offer']);
    expect(missing({ header: 'picture', 'body.1': '  ', offer: 'soon' })).toEqual(['header', 'body.1', 'offer']);
    expect(missing({ header: VALUES.link, 'body.1': 'a', offer: VALUES.moment })).toEqual([]);
  });

  it('shows a text in pieces, the fields apart', () => {
    expect(piecesOf('Hello {{1}}, {{day}}', 'body')).toEqual([
      { text: 'Hello ' },
      { text: '{{1}}', field: 'body.1' },
      { text: ', ' },
      { text: '{{day}}', field: 'body.day' },
    ]);
  });
});
