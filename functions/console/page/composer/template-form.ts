import type { components } from '../../../client/openapi.ts';
import { type Loose, listAt, numberAt, partAt, textAt } from '../api/loose.ts';
import { strings } from '../strings.ts';
import { partsOf, type Template, type TemplateButton, type TemplatePart } from './template-parts.ts';

type Component = components['schemas']['TemplateComponent'];
type Parameter = components['schemas']['TemplateParameter'];

/** What a user enters into a field. */
export type FieldKind = 'text' | 'link' | 'place' | 'moment';

/** One value that a template needs. */
export interface TemplateField {
  readonly id: string;
  readonly label: string;
  readonly kind: FieldKind;
}

export type FieldValues = Readonly<Record<string, string>>;

/** A field, and the parameter that its value becomes; without a field the parameter needs no value. */
interface Slot {
  readonly field?: TemplateField;
  readonly toParameter: (value: string) => Parameter;
}

/** A component of the send with its slots. */
interface Place {
  readonly component: Omit<Component, 'parameters' | 'cards'>;
  readonly slots: readonly Slot[];
  readonly cards?: readonly (readonly Place[])[];
}

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

const labelOf = (name: string): string =>
  /^\d+$/.test(name) ? strings.template.value(name) : name.replaceAll('_', ' ');

/** One slot for each placeholder, each name once; named where a name is no number. */
const textSlots = (text: string, prefix: string): readonly Slot[] => {
  const names = [...new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name = '']) => name))];
  const isNamed = names.some((name) => !/^\d+$/.test(name));
  return names.map((name) => ({
    field: { id: `${prefix}.${name}`, label: labelOf(name), kind: 'text' },
    toParameter: (value) => ({ type: 'text', text: value, ...(isNamed ? { parameter_name: name } : {}) }),
  }));
};

const mediaSlot = (type: string, id: string): Slot => ({
  field: { id, label: strings.template.media(type), kind: 'link' },
  toParameter: (link) => ({ type, [type]: { link } }),
});

const placeSlot = (id: string): Slot => ({
  field: { id, label: strings.template.place, kind: 'place' },
  toParameter: (value) => {
    const [latitude, longitude] = value.split(',').map((part) => part.trim());
    return { type: 'location', location: { latitude, longitude } };
  },
});

const headerSlots = ({ format, text }: TemplatePart, prefix: string): readonly Slot[] | undefined => {
  const id = `${prefix}header`;
  if (format === 'TEXT') return textSlots(text, id);
  if (format === 'LOCATION') return [placeSlot(id)];
  return ['IMAGE', 'VIDEO', 'DOCUMENT'].includes(format) ? [mediaSlot(format.toLowerCase(), id)] : undefined;
};

const textSlot = (id: string, label: string): Slot => ({
  field: { id, label, kind: 'text' },
  toParameter: (text) => ({ type: 'text', text }),
});

const couponSlot = (id: string): Slot => ({
  field: { id, label: strings.template.coupon, kind: 'text' },
  toParameter: (code) => ({ type: 'coupon_code', coupon_code: code }),
});

const flowSlot: Slot = { toParameter: () => ({ type: 'action', action: {} }) };

/** The slots of a button, by its type; none where it needs no value, `undefined` where the page cannot fill it. */
const buttonSlots = (
  { type, text, url }: TemplateButton,
  prefix: string,
  index: number,
): readonly Slot[] | undefined => {
  const id = `${prefix}button.${index}`;
  switch (type) {
    case 'URL':
      return url.includes('{{') ? [textSlot(id, strings.template.linkEnd(text))] : [];
    case 'OTP':
      // The code of the body: WhatsApp wants it twice.
      return [textSlot(`${prefix}body.1`, strings.template.value('1'))];
    case 'COPY_CODE':
      return [couponSlot(id)];
    case 'FLOW':
      return [flowSlot];
    case 'MPM':
      return undefined;
    default:
      return [];
  }
};

const SUB_TYPES: Readonly<Record<string, string>> = { OTP: 'url' };

const buttonPlaces = (buttons: readonly TemplateButton[], prefix: string): readonly (Place | undefined)[] =>
  buttons.map((button, index) => {
    const slots = buttonSlots(button, prefix, index);
    const subType = SUB_TYPES[button.type] ?? button.type.toLowerCase();
    return slots && { component: { type: 'button', sub_type: subType, index: String(index) }, slots };
  });

const offerSlot = (id: string): Slot => ({
  field: { id, label: strings.template.offerEnds, kind: 'moment' },
  toParameter: (value) => ({
    type: 'limited_time_offer',
    limited_time_offer: { expiration_time_ms: Date.parse(value) },
  }),
});

/** The places of one component; `undefined` for one that the page cannot fill. */
const placesOfPart = (part: TemplatePart, prefix: string): readonly (Place | undefined)[] => {
  switch (part.type) {
    case 'HEADER': {
      const slots = headerSlots(part, prefix);
      return [slots && { component: { type: 'header' }, slots }];
    }
    case 'BODY':
      return [{ component: { type: 'body' }, slots: textSlots(part.text, `${prefix}body`) }];
    case 'LIMITED_TIME_OFFER':
      return [{ component: { type: 'limited_time_offer' }, slots: part.expires ? [offerSlot(`${prefix}offer`)] : [] }];
    case 'BUTTONS':
      return buttonPlaces(part.buttons, prefix);
    case 'CAROUSEL': {
      const cards = part.cards.map((card, index) => placesIn(card, `${prefix}card.${index}.`));
      return cards.some((card) => card === undefined)
        ? [undefined]
        : [{ component: { type: 'carousel' }, slots: [], cards: cards.flatMap((card) => (card ? [card] : [])) }];
    }
    default:
      return [];
  }
};

/** `undefined` where a part cannot be filled here. */
const placesIn = (parts: readonly TemplatePart[], prefix = ''): readonly Place[] | undefined => {
  const places = parts.flatMap((part) => placesOfPart(part, prefix));
  return places.includes(undefined) ? undefined : places.flatMap((place) => place ?? []);
};

const fieldsIn = ({ slots, cards = [] }: Place): readonly TemplateField[] => [
  ...slots.flatMap(({ field }) => field ?? []),
  ...cards.flat().flatMap(fieldsIn),
];

/** The fields of a template, each once; `undefined` for a template that needs more than the page can ask for. */
export const fieldsOf = (template: Template): readonly TemplateField[] | undefined => {
  const fields = placesIn(partsOf(template))?.flatMap(fieldsIn);
  return fields?.filter(({ id }, index) => fields.findIndex((other) => other.id === id) === index);
};

const isFilled = ({ id, kind }: TemplateField, values: FieldValues): boolean => {
  const value = values[id]?.trim() ?? '';
  if (kind === 'link') return URL.canParse(value);
  if (kind === 'moment') return !Number.isNaN(Date.parse(value));
  if (kind === 'place') return /^-?\d+(?:\.\d+)?\s*,\s*-?\d+(?:\.\d+)?$/.test(value);
  return value !== '';
};

/** The fields that still need a value. */
export const missingIn = (fields: readonly TemplateField[], values: FieldValues): readonly TemplateField[] =>
  fields.filter((field) => !isFilled(field, values));

const toComponent = ({ component, slots, cards }: Place, values: FieldValues): readonly Component[] => {
  const parameters = slots.map(({ field, toParameter }) =>
    toParameter(field === undefined ? '' : (values[field.id]?.trim() ?? '')),
  );
  if (cards === undefined) return parameters.length === 0 ? [] : [{ ...component, parameters }];
  const filled = cards.map((card, index) => ({
    card_index: index,
    components: card.flatMap((place) => toComponent(place, values)),
  }));
  return [{ ...component, cards: filled }];
};

/** The components of a send of the template with these values. */
export const toComponents = (template: Template, values: FieldValues): Component[] =>
  (placesIn(partsOf(template)) ?? []).flatMap((place) => toComponent(place, values));

/** A piece of a template's text: words of the template, or the value of a field. */
export interface TextPiece {
  readonly text: string;
  readonly field?: string;
}

/** The text of a template, in pieces, so that the fields can be highlighted. */
export const piecesOf = (text: string, prefix: string): readonly TextPiece[] => {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: match[0], field: `${prefix}.${match[1] ?? ''}` });
    end = match.index + match[0].length;
  }
  return end < text.length ? [...pieces, { text: text.slice(end) }] : pieces;
};

const enteredIn = (parameter: Loose): string => {
  const { type } = parameter;
  if (type === 'limited_time_offer') {
    const at = numberAt(partAt(parameter, 'limited_time_offer'), 'expiration_time_ms');
    return at === undefined ? '' : new Date(at).toISOString();
  }
  if (type === 'location') {
    const { latitude, longitude } = partAt(parameter, 'location');
    return `${String(latitude)}, ${String(longitude)}`;
  }
  return (
    textAt(parameter, 'text') ||
    textAt(parameter, 'coupon_code') ||
    (typeof type === 'string' ? textAt(partAt(parameter, type), 'link') : '')
  );
};

const isOf = (given: Loose, { component }: Place): boolean =>
  textAt(given, 'type') === component.type &&
  (component.index === undefined || String(given['index']) === String(component.index));

const valuesIn = (place: Place, components: readonly Loose[]): FieldValues => {
  const given = components.find((one) => isOf(one, place));
  if (given === undefined) return {};
  const parameters = listAt(given, 'parameters');
  const values = place.slots.flatMap(({ field }, index) => {
    const name = field?.id.split('.').at(-1);
    const parameter = parameters.find((one) => one['parameter_name'] === name) ?? parameters[index];
    return field === undefined || parameter === undefined ? [] : [[field.id, enteredIn(parameter)] as const];
  });
  const cards = (place.cards ?? []).flatMap((card, index) =>
    card.map((inner) => valuesIn(inner, listAt(listAt(given, 'cards')[index] ?? {}, 'components'))),
  );
  return Object.assign(Object.fromEntries(values), ...cards);
};

/** The values with which a template was sent. */
export const valuesOf = (template: Template, components: readonly Loose[]): FieldValues =>
  Object.assign({}, ...(placesIn(partsOf(template)) ?? []).map((place) => valuesIn(place, components)));
