import type { TemplateContent } from '../../domain/content.ts';
import type { RegisteredTemplate } from '../../domain/template.ts';
import type { Unsupported } from '../provider.ts';

type Component = TemplateContent['components'][number];
type Parameter = Component['parameters'][number];
type Values = Readonly<Record<string, string>>;

/**
 * The properties of each type of parameter that have a key; with any other key the send fails silently
 * (https://developers.sinch.com/docs/conversation/channel-support/whatsapp/template-support).
 */
const KEYED: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  payload: ['payload'],
  coupon_code: ['coupon_code'],
  image: ['image.link'],
  video: ['video.link'],
  document: ['document.link', 'document.filename'],
  location: ['location.latitude', 'location.longitude', 'location.name', 'location.address'],
};

const ALTERNATIVE: Readonly<Record<string, string>> = {
  id: 'Sinch takes no uploaded media: give a link, a public URL of the file.',
  parameter_name: 'Sinch carries no named parameters: use a template whose parameters are numbered.',
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The properties that the caller gave, by dotted path. */
const leaves = (value: Readonly<Record<string, unknown>>, above = ''): readonly (readonly [string, unknown])[] =>
  Object.entries(value).flatMap(([name, inner]) => {
    if (inner === undefined || inner === null) return [];
    return isObject(inner) ? leaves(inner, `${above}${name}.`) : [[`${above}${name}`, inner] as const];
  });

const propertiesOf = ({ type: _type, ...rest }: Parameter) => leaves(rest);

const unkeyed = (parameter: Parameter): string | undefined => {
  const keyed = Object.hasOwn(KEYED, parameter.type) ? KEYED[parameter.type] : undefined;
  return propertiesOf(parameter).find(([property]) => keyed?.includes(property) !== true)?.[0];
};

const sentence = (property: string): string =>
  ALTERNATIVE[property.split('.').at(-1) ?? ''] ??
  `Sinch knows no key for ${property} in a template: leave it out, or send the value as a text parameter.`;

const isCarried = ({ type, sub_type }: Component): boolean =>
  type === 'header' || type === 'body' || (type === 'button' && sub_type?.toLowerCase() !== 'flow');

/** The first parameter of a template for which Sinch has no key. */
export const unsupportedIn = ({ components }: TemplateContent): Unsupported | undefined => {
  for (const [place, component] of components.entries()) {
    if (component.parameters.length === 0 && component.cards === undefined) continue;
    const path = `content.components.${place}`;
    if (!isCarried(component))
      return { path, message: 'Sinch knows no keys for the parameters of this component: use a template without it.' };
    for (const [index, parameter] of component.parameters.entries()) {
      const property = unkeyed(parameter);
      if (property !== undefined)
        return { path: `${path}.parameters.${index}.${property}`, message: sentence(property) };
    }
  }
  return undefined;
};

/** `header`, `body`, `button[0]url`: buttons are numbered from 0, parameters from 1. */
const stemOf = ({ type, sub_type, index }: Component): string =>
  type === 'button' ? `button[${index}]${sub_type?.toLowerCase()}` : type;

const valuesOf = (component: Component): Values =>
  Object.fromEntries(
    component.parameters.flatMap((parameter, index) =>
      propertiesOf(parameter).map(([property, value]) => [
        `${stemOf(component)}[${index + 1}]${property}`,
        String(value),
      ]),
    ),
  );

/** Sinch requires the payload of every quick reply, even an empty one. */
const quickReplies = (template: RegisteredTemplate | undefined): Values =>
  Object.fromEntries(
    (template?.components ?? [])
      .flatMap(({ buttons = [] }) => buttons.map(({ type }, index) => ({ type, index })))
      .filter(({ type }) => type === 'QUICK_REPLY')
      .map(({ index }) => [`button[${index}]quick_reply[1]payload`, '']),
  );

/** Converts a template to Sinch's shape: name, language, and parameters by key. */
export const templateToWire = (
  { name, language, components }: TemplateContent,
  template: RegisteredTemplate | undefined,
) => ({
  template_message: {
    channel_template: {
      WHATSAPP: {
        template_id: name,
        language_code: language,
        parameters: Object.assign({}, quickReplies(template), ...components.map(valuesOf)),
      },
    },
  },
});
