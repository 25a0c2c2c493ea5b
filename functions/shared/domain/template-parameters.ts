import * as z from 'zod';
import { valueFault } from './template-values.ts';

/** The parameters that a component of a template takes. */
export type Expected =
  | { readonly kind: 'positional'; readonly count: number }
  | { readonly kind: 'named'; readonly names: readonly string[] }
  /** Exactly one parameter of that type, or at most one. */
  | {
      readonly kind: 'one';
      readonly type: string;
      readonly optional?: boolean;
      /** The content that it needs. @default - that of its type */
      readonly content?: 'flow' | 'catalog' | 'products';
    }
  /** Of a kind whose parameters only WhatsApp checks. */
  | { readonly kind: 'any' };

export interface Parameter {
  readonly type: string;
  readonly parameter_name?: string | undefined;
}

const text = z.string().min(1);
const fallback = z.object({ fallback_value: text });
const media = z
  .object({ link: text.optional(), id: text.optional() })
  .refine(({ link, id }) => (link === undefined) !== (id === undefined));

/** The content that each type of parameter needs, and its description. */
const CONTENT: Readonly<Record<string, { readonly schema: z.ZodType; readonly needs: string }>> = {
  text: { schema: z.object({ text }), needs: 'a text that is not empty' },
  currency: {
    schema: z.object({ currency: fallback.extend({ code: text, amount_1000: z.number() }) }),
    needs: 'currency with fallback_value, code and amount_1000',
  },
  date_time: { schema: z.object({ date_time: fallback }), needs: 'date_time with fallback_value' },
  image: { schema: z.object({ image: media }), needs: 'image with either link or id' },
  video: { schema: z.object({ video: media }), needs: 'video with either link or id' },
  document: { schema: z.object({ document: media }), needs: 'document with either link or id' },
  location: {
    schema: z.object({ location: z.object({ latitude: z.coerce.number(), longitude: z.coerce.number() }) }),
    needs: 'location with latitude and longitude',
  },
  payload: { schema: z.object({ payload: z.string() }), needs: 'a payload' },
  coupon_code: { schema: z.object({ coupon_code: text.max(20) }), needs: 'a coupon_code of at most 20 characters' },
  limited_time_offer: {
    schema: z.object({ limited_time_offer: z.object({ expiration_time_ms: z.int().positive() }) }),
    needs: 'limited_time_offer with expiration_time_ms',
  },
  product: {
    schema: z.object({ product: z.object({ product_retailer_id: text, catalog_id: text }) }),
    needs: 'product with product_retailer_id and catalog_id',
  },
  flow: {
    schema: z.object({
      action: z.object({
        flow_token: text.optional(),
        flow_action_data: z.record(z.string(), z.unknown()).optional(),
      }),
    }),
    needs: 'action with flow_token and flow_action_data, if any',
  },
  catalog: {
    schema: z.object({ action: z.object({ thumbnail_product_retailer_id: text.optional() }) }),
    needs: 'action with thumbnail_product_retailer_id, if any',
  },
  products: {
    schema: z.object({
      action: z.object({
        thumbnail_product_retailer_id: text.optional(),
        sections: z
          .array(z.object({ product_items: z.array(z.object({ product_retailer_id: text })).min(1) }))
          .min(1)
          .max(10)
          .refine((sections) => sections.flatMap(({ product_items }) => product_items).length <= 30),
      }),
    }),
    needs: 'action with sections of product_items, 30 in all at most',
  },
};

/** Types that fill a placeholder in a text; Meta formats currencies and dates itself. */
const TEXT_TYPES = ['text', 'currency', 'date_time'];

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** Reads the placeholders of a text: `{{1}}` is positional, `{{name}}` named. */
export const expectedIn = (text = ''): Expected => {
  const names = [...new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name ?? ''))];
  return names.some((name) => !/^\d+$/.test(name))
    ? { kind: 'named', names }
    : { kind: 'positional', count: names.length };
};

const plural = (count: number): string => `${count} text parameter${count === 1 ? '' : 's'}`;

/** Describes the expected parameters, as part of a sentence. */
export const describe = (expected: Expected): string => {
  switch (expected.kind) {
    case 'positional':
      return expected.count === 0 ? 'no parameters' : plural(expected.count);
    case 'named':
      return `${plural(expected.names.length)}, named ${expected.names.join(', ')}`;
    case 'one':
      return `${expected.optional === true ? 'at most' : 'exactly'} one parameter of type ${expected.type}`;
    case 'any':
      return 'its parameters';
  }
};

/** Whether a send may omit the component. */
export const isOptional = (expected: Expected): boolean =>
  expected.kind === 'any' ||
  (expected.kind === 'one' && expected.optional === true) ||
  (expected.kind === 'positional' && expected.count === 0);

const contentFault = (parameter: Parameter, name: string = parameter.type): string | undefined => {
  const content = Object.hasOwn(CONTENT, name) ? CONTENT[name] : undefined;
  return content === undefined || content.schema.safeParse(parameter).success ? undefined : `needs ${content.needs}`;
};

const textFault = (parameter: Parameter): string | undefined =>
  TEXT_TYPES.includes(parameter.type)
    ? contentFault(parameter)
    : `is of type ${parameter.type}: text, currency or date_time is expected`;

const namesFault = (names: readonly string[], parameters: readonly Parameter[]): string | undefined => {
  const given = parameters.map(({ parameter_name }) => parameter_name);
  const wrong = [
    ...names.filter((name) => !given.includes(name)).map((name) => `${name} is missing`),
    ...given.filter((name) => name === undefined || !names.includes(name)).map((name) => `${name ?? 'one'} is unknown`),
    ...given
      .filter((name, index) => name !== undefined && given.indexOf(name) !== index)
      .map((name) => `${name} repeats`),
  ];
  return wrong.length === 0 ? undefined : wrong.join(', ');
};

/** The fault of the parameters together: their number and names. */
const wholeFault = (expected: Expected, parameters: readonly Parameter[]): string | undefined => {
  const { length } = parameters;
  switch (expected.kind) {
    case 'positional':
      if (length !== expected.count) return `${length} given`;
      return parameters.some(({ parameter_name }) => parameter_name !== undefined)
        ? 'they are positional, without parameter_name'
        : undefined;
    case 'named':
      return namesFault(expected.names, parameters);
    case 'one':
      return length === 1 || (length === 0 && expected.optional === true) ? undefined : `${length} given`;
    case 'any':
      return undefined;
  }
};

const eachFault = (expected: Expected, parameter: Parameter): string | undefined => {
  if (expected.kind === 'any') return undefined;
  if (expected.kind !== 'one') return textFault(parameter);
  return parameter.type === expected.type
    ? contentFault(parameter, expected.content)
    : `is of type ${parameter.type}: ${expected.type} is expected`;
};

export interface ParameterFault {
  /** Absent when the fault concerns all parameters. */
  readonly index?: number;
  /** Dotted, of the field within the parameter. */
  readonly field?: string;
  readonly message: string;
}

/** Checks the number and the types of a component's parameters. */
export const checkParameters = (expected: Expected, parameters: readonly Parameter[]): readonly ParameterFault[] => {
  const whole = wholeFault(expected, parameters);
  if (whole !== undefined) return [{ message: `takes ${describe(expected)}: ${whole}` }];
  return parameters.flatMap((parameter, index) => {
    const message = eachFault(expected, parameter);
    const value = valueFault(parameter);
    if (message !== undefined) return [{ index, message }];
    return value === undefined ? [] : [{ index, ...value }];
  });
};
