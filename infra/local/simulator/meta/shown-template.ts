import * as z from 'zod';
import type { ShownMessage } from '../shown-message.ts';
import { shownTemplate, type TemplateValues } from '../shown-template.ts';
import { findInCatalog } from '../template-catalog.ts';
import { Template } from './templates.ts';

const Source = z.object({ link: z.string().optional(), id: z.string().optional() });

/** The value of a button's parameter, whichever kind it has. */
const ButtonValue = z
  .object({
    text: z.string().optional(),
    payload: z.string().optional(),
    coupon_code: z.string().optional(),
    action: z.object({ flow_token: z.string().optional() }).optional(),
  })
  .transform(({ text, payload, coupon_code, action }) => text ?? payload ?? coupon_code ?? action?.flow_token);

type Components = Template['components'];

const filledAt = (components: Components, type: string, index?: string) =>
  components
    .flatMap((component) => (component.type === 'carousel' ? [] : [component]))
    .find((component) => component.type === type && (index === undefined || component.index === index))?.parameters ??
  [];

const valuesOf = (components: Components): TemplateValues => {
  const [headerParameter] = filledAt(components, 'header');
  return {
    textsOf: (place) =>
      Object.fromEntries(
        filledAt(components, place).map(({ parameter_name, text = '' }, index) => [
          parameter_name ?? String(index + 1),
          text,
        ]),
      ),
    headerFile: Source.safeParse(headerParameter?.['image']).data,
    buttonValue: (index) => ButtonValue.safeParse(filledAt(components, 'button', String(index))[0]).data,
    cardAt: (index) => {
      const cards = components.flatMap((component) => (component.type === 'carousel' ? component.cards : []));
      return valuesOf(cards.find(({ card_index }) => card_index === index)?.components ?? []);
    },
  };
};

/** `template` of a send, as the customer sees it. */
export const shownMetaTemplate: z.ZodType<Omit<ShownMessage, 'type'>> = Template.transform(
  ({ name, language, components }) => {
    const found = findInCatalog(name, language.code);
    return typeof found === 'string' ? { text: name } : shownTemplate(found, valuesOf(components));
  },
);
