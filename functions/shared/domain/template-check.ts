import type { TemplateContent } from './content.ts';
import {
  type FieldFault,
  languagesOf,
  normalizeLanguage,
  type RegisteredTemplate,
  type TemplateCard,
  type TemplateCheck,
  type TemplateComponent,
} from './template.ts';
import { checkParameters, describe } from './template-parameters.ts';
import { mayOmit, type Place, placesOf } from './template-places.ts';
import { filledBodyFault, textOf } from './template-values.ts';

type ComponentContent = TemplateContent['components'][number];

const nameOf = ({ type, index }: ComponentContent): string => (type === 'button' ? `button ${index ?? ''}` : type);

const unknownComponentFault = (given: ComponentContent, places: readonly Place[], path: string): FieldFault => {
  if (given.type !== 'button') return { path, message: `the template has no ${given.type}` };
  const { length } = places.filter(({ subType }) => subType !== undefined);
  const range = length === 0 ? 'the template has no buttons' : `must be the index of a button, 0 to ${length - 1}`;
  return { path: `${path}.index`, message: range };
};

/** Checks the cards of a carousel: each of the template's once. */
const checkCards = (
  cards: readonly TemplateCard[],
  given: NonNullable<ComponentContent['cards']>,
  path: string,
): readonly FieldFault[] => {
  if (cards.length === 0) return [{ path, message: 'are not in the registry yet: sync the templates' }];
  if (given.length !== cards.length)
    return [{ path, message: `must be ${cards.length}, one for each card of the template: ${given.length} given` }];
  return given.flatMap(({ card_index, components }, place) => {
    const card = cards[card_index];
    const isFirst = given.findIndex((other) => other.card_index === card_index) === place;
    return card === undefined || !isFirst
      ? [
          {
            path: `${path}.${place}.card_index`,
            message: `must be the index of a card, 0 to ${cards.length - 1}, once`,
          },
        ]
      : checkComponents(card.components, components, `${path}.${place}.components`);
  });
};

const checkParts = (given: ComponentContent, place: Place, path: string): readonly FieldFault[] => {
  const faults = checkParameters(place.expected, given.parameters).map(({ index, field, message }) => ({
    path: [path, 'parameters', index, field].filter((part) => part !== undefined).join('.'),
    message: index === undefined ? `${place.name} ${message}` : message,
  }));
  if (place.cards !== undefined) return [...faults, ...checkCards(place.cards, given.cards ?? [], `${path}.cards`)];
  if (given.cards !== undefined)
    return [{ path: `${path}.cards`, message: `are for a carousel, not for ${place.name}` }];
  const tooLong = place.body === undefined ? undefined : filledBodyFault(place.body, given.parameters);
  return faults.length > 0 || tooLong === undefined ? faults : [{ path: `${path}.parameters`, message: tooLong }];
};

/** Checks one component of a send against the template. */
const checkComponent = (given: ComponentContent, places: readonly Place[], path: string): readonly FieldFault[] => {
  const place = places.find(({ name }) => name === nameOf(given));
  if (place === undefined) return [unknownComponentFault(given, places, path)];
  if (place.subType !== undefined && given.sub_type?.toLowerCase() !== place.subType)
    return [{ path: `${path}.sub_type`, message: `must be ${place.subType}, the sub_type of ${place.name}` }];
  return checkParts(given, place, path);
};

/** Checks the components of a send, or of one card, against those of the template. */
const checkComponents = (
  registered: readonly TemplateComponent[],
  components: readonly ComponentContent[],
  path: string,
): readonly FieldFault[] => {
  const places = registered.flatMap(placesOf);
  const names = components.map(nameOf);
  const missing = places.filter((place) => !names.includes(place.name) && !mayOmit(place));
  return [
    ...components.flatMap((given, index) => checkComponent(given, places, `${path}.${index}`)),
    ...names.flatMap((name, index) =>
      names.indexOf(name) === index ? [] : [{ path: `${path}.${index}`, message: `repeats ${name}` }],
    ),
    ...missing.map(({ name, expected, cards }) => ({
      path,
      message: `${name} is missing: it takes ${cards === undefined ? describe(expected) : `${cards.length} cards`}`,
    })),
  ];
};

/** WhatsApp's limit of a one-time password (Meta, "Authentication templates"). */
const MAX_CODE = 15;

/** The code of an authentication template stands in its body and in its button, whose tap copies or fills it in. */
const codeFaults = (
  { category }: RegisteredTemplate,
  components: readonly ComponentContent[],
): readonly FieldFault[] => {
  if (category !== 'AUTHENTICATION') return [];
  const codes = components.flatMap(({ parameters }, index) =>
    parameters.map((parameter) => ({ code: textOf(parameter) ?? '', path: `components.${index}.parameters.0.text` })),
  );
  return codes.flatMap(({ code, path }) => {
    if (Array.from(code).length > MAX_CODE)
      return [{ path, message: `has more than ${MAX_CODE} characters, the most of a code` }];
    return code === codes[0]?.code ? [] : [{ path, message: 'must be the code that the body has' }];
  });
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
  const shape = checkComponents(template.components, content.components, 'components');
  const faults = shape.length > 0 ? shape : codeFaults(template, content.components);
  if (faults.length === 0) return { kind: 'ready', template };
  const detail = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return { kind: 'parameters_invalid', detail, faults };
};
