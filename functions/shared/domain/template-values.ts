import * as z from 'zod';
import { mediaUrlFault } from './media-url.ts';

/** A value that WhatsApp refuses in any template. */
export interface ValueFault {
  /** Dotted, within the parameter: `text`, `image.link`. */
  readonly field: string;
  readonly message: string;
}

/** WhatsApp refuses these texts in the place of a placeholder (Meta, error 132018; 100 in older versions). */
const TEXT_FAULTS: readonly (readonly [pattern: RegExp, message: string])[] = [
  [/^\s*$/, 'must not be blank: WhatsApp needs a value for each placeholder'],
  [/[\n\r]/, 'has a line break, which WhatsApp refuses in a template parameter: put it into the template'],
  [/\t/, 'has a tab, which WhatsApp refuses in a template parameter'],
  [/ {5}/, 'has more than four spaces in a row, which WhatsApp refuses in a template parameter'],
];

const Fallback = z.object({ fallback_value: z.string() });
const Link = z.object({ link: z.string() });
/** The texts and links of a parameter; others are absent. */
const Values = z.object({
  text: z.string().optional().catch(undefined),
  currency: Fallback.optional().catch(undefined),
  date_time: Fallback.optional().catch(undefined),
  image: Link.optional().catch(undefined),
  video: Link.optional().catch(undefined),
});

/** The text that takes the place of a placeholder. */
export const textOf = (parameter: object): string | undefined => {
  const { text, currency, date_time } = Values.parse(parameter);
  return text ?? currency?.fallback_value ?? date_time?.fallback_value;
};

/** The first value of a parameter that WhatsApp refuses, whatever the template. */
export const valueFault = (parameter: object): ValueFault | undefined => {
  const { text, currency, date_time, image, video } = Values.parse(parameter);
  const texts = {
    text,
    'currency.fallback_value': currency?.fallback_value,
    'date_time.fallback_value': date_time?.fallback_value,
  };
  for (const [field, value] of Object.entries(texts)) {
    const fault = TEXT_FAULTS.find(([pattern]) => value !== undefined && pattern.test(value));
    if (fault !== undefined) return { field, message: fault[1] };
  }
  for (const [type, media] of Object.entries({ image, video })) {
    const message = mediaUrlFault(type, media?.link);
    if (message !== undefined) return { field: `${type}.link`, message };
  }
  return undefined;
};

/** WhatsApp's limit of a template's body with its values (Meta, error 132005), in characters. */
const MAX_BODY = 1_024;

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

interface Given {
  readonly parameter_name?: string | undefined;
}

/** Why the body of a template is too long once its values are in place. */
export const filledBodyFault = (body: string, parameters: readonly Given[]): string | undefined => {
  const named = new Map(parameters.map((given, index) => [given.parameter_name ?? String(index + 1), given]));
  const filled = body.replace(PLACEHOLDER, (placeholder, name: string) => {
    const given = named.get(name);
    return given === undefined ? placeholder : (textOf(given) ?? placeholder);
  });
  const { length } = Array.from(filled);
  if (length <= MAX_BODY) return undefined;
  return `fill the body to ${length} characters, WhatsApp allows at most ${MAX_BODY}: give shorter values`;
};
