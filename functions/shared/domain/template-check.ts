import type { TemplateContent } from './content.ts';
import {
  type FieldFault,
  languagesOf,
  normalizeLanguage,
  type RegisteredTemplate,
  type TemplateButton,
  type TemplateCheck,
  type TemplateComponent,
} from './template.ts';
import { checkParameters, describe, type Expected, expectedIn, isOptional } from './template-parameters.ts';
import { filledBodyFault } from './template-values.ts';

type ComponentContent = TemplateContent['components'][number];

/** A part of the template that can have parameters. */
interface Place {
  /** As a send names its component: `header`, `body`, `button 0`. */
  readonly name: string;
  /** Of a button. */
  readonly subType?: string;
  /** The text of the body, which is limited once it is filled. */
  readonly body?: string | undefined;
  readonly expected: Expected;
}

const NOTHING: Expected = { kind: 'positional', count: 0 };

const headerOf = ({ format = 'TEXT', text }: TemplateComponent): Expected =>
  format === 'TEXT' ? expectedIn(text) : { kind: 'one', type: format.toLowerCase() };

/** A button's sub-type and parameters; those of other kinds are checked only by WhatsApp. */
const buttonOf = ({ type, url }: TemplateButton): Omit<Place, 'name'> => {
  switch (type) {
    case 'QUICK_REPLY':
      return { subType: 'quick_reply', expected: { kind: 'one', type: 'payload', optional: true } };
    case 'URL':
      return { subType: 'url', expected: url?.includes('{{') ? { kind: 'one', type: 'text' } : NOTHING };
    case 'OTP':
      return { subType: 'url', expected: { kind: 'one', type: 'text' } };
    case 'COPY_CODE':
      return { subType: 'copy_code', expected: { kind: 'one', type: 'coupon_code' } };
    case 'PHONE_NUMBER':
    case 'REQUEST_CONTACT_INFO':
      return { subType: type.toLowerCase(), expected: NOTHING };
    default:
      return { subType: type.toLowerCase(), expected: { kind: 'any' } };
  }
};

const placesOf = (component: TemplateComponent): readonly Place[] => {
  switch (component.type) {
    case 'HEADER':
      return [{ name: 'header', expected: headerOf(component) }];
    case 'BODY':
      return [{ name: 'body', body: component.text, expected: expectedIn(component.text) }];
    case 'FOOTER':
      return [{ name: 'footer', expected: NOTHING }];
    case 'BUTTONS':
      return (component.buttons ?? []).map((button, index) => ({ name: `button ${index}`, ...buttonOf(button) }));
    default:
      return [{ name: component.type.toLowerCase(), expected: { kind: 'any' } }];
  }
};

const nameOf = ({ type, index }: ComponentContent): string => (type === 'button' ? `button ${index ?? ''}` : type);

const unknownComponentFault = (given: ComponentContent, places: readonly Place[], path: string): FieldFault => {
  if (given.type !== 'button') return { path, message: `the template has no ${given.type}` };
  const { length } = places.filter(({ subType }) => subType !== undefined);
  const range = length === 0 ? 'the template has no buttons' : `must be the index of a button, 0 to ${length - 1}`;
  return { path: `${path}.index`, message: range };
};

/** Checks one component of a send against the template. */
const checkComponent = (given: ComponentContent, places: readonly Place[], path: string): readonly FieldFault[] => {
  const place = places.find(({ name }) => name === nameOf(given));
  if (place === undefined) return [unknownComponentFault(given, places, path)];
  if (place.subType !== undefined && given.sub_type?.toLowerCase() !== place.subType)
    return [{ path: `${path}.sub_type`, message: `must be ${place.subType}, the sub_type of ${place.name}` }];
  const faults = checkParameters(place.expected, given.parameters).map(({ index, field, message }) => ({
    path: [path, 'parameters', index, field].filter((part) => part !== undefined).join('.'),
    message: index === undefined ? `${place.name} ${message}` : message,
  }));
  const tooLong = place.body === undefined ? undefined : filledBodyFault(place.body, given.parameters);
  return faults.length > 0 || tooLong === undefined ? faults : [{ path: `${path}.parameters`, message: tooLong }];
};

const checkComponents = (
  template: RegisteredTemplate,
  components: readonly ComponentContent[],
): readonly FieldFault[] => {
  if (template.components.some(({ type }) => type === 'CAROUSEL'))
    return [{ path: 'name', message: 'is a carousel, which this service cannot send: use another template' }];
  const places = template.components.flatMap(placesOf);
  const names = components.map(nameOf);
  const missing = places.filter(({ name, expected }) => !names.includes(name) && !isOptional(expected));
  return [
    ...components.flatMap((given, index) => checkComponent(given, places, `components.${index}`)),
    ...names.flatMap((name, index) =>
      names.indexOf(name) === index ? [] : [{ path: `components.${index}`, message: `repeats ${name}` }],
    ),
    ...missing.map(({ name, expected }) => ({
      path: 'components',
      message: `${name} is missing: it takes ${describe(expected)}`,
    })),
  ];
};

const findInOrder = (
  registered: readonly RegisteredTemplate[],
  content: TemplateContent,
): readonly RegisteredTemplate[] =>
  languagesOf(content).flatMap((wanted) =>
    registered.filter(({ name, language }) => name === content.name && normalizeLanguage(language) === wanted),
  );

/**
 * Checks a template message against the registry: an approved template in the language requested, else in the fallback
 * language, and the number and types of its parameters.
 */
export const checkTemplate = (registered: readonly RegisteredTemplate[], content: TemplateContent): TemplateCheck => {
  const found = findInOrder(registered, content);
  if (found.length === 0)
    return {
      kind: 'unknown',
      detail: `The registry has no template "${content.name}" in ${languagesOf(content).join(' or ')}: check name and language, or sync the templates.`,
    };
  const template = found.find(({ status }) => status === 'APPROVED');
  if (template === undefined) {
    const states = found.map(({ language, status }) => `${status} in ${language}`).join(' and ');
    return {
      kind: 'not_approved',
      detail: `The template "${content.name}" is ${states}: wait for its approval, or send a template that is APPROVED.`,
    };
  }
  const faults = checkComponents(template, content.components);
  if (faults.length === 0) return { kind: 'ready', template };
  const detail = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return { kind: 'parameters_invalid', detail, faults };
};
