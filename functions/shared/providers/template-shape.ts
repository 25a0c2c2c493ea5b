import * as z from 'zod';
import type { TemplateComponent } from '../domain/template.ts';

/*
 * WhatsApp's shape of a template's components, the same at Meta and Sinch. Only the fields that parameters are checked
 * against are read, and a component that cannot be read is skipped.
 */

const text = z.string().optional().catch(undefined);
const upperCase = z
  .string()
  .min(1)
  .transform((value) => value.toUpperCase());
const list = z.array(z.unknown()).optional().catch(undefined);

const Button = z
  .object({ type: upperCase, text, url: text, otp_type: upperCase.optional().catch(undefined) })
  .transform(({ otp_type: otpType, ...button }) => ({ ...button, otpType }));

const Offer = z.object({ has_expiration: z.boolean() }).optional().catch(undefined);

const Component = z.object({
  type: upperCase,
  format: upperCase.optional().catch(undefined),
  text,
  buttons: list,
  limited_time_offer: Offer,
  cards: list,
});

const Card = z.object({ components: z.array(z.unknown()) });

const readable = <T>(schema: z.ZodType<T>, values: readonly unknown[]): readonly T[] =>
  values.flatMap((value) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });

/** The body of an authentication template, whose text WhatsApp provides and some lists omit: its parameter is the code. */
const CODE_TEXT = '{{1}}';

const toComponent =
  (category: string) =>
  ({ type, format, text, buttons, limited_time_offer: offer, cards }: z.infer<typeof Component>): TemplateComponent => {
    const isCode = type === 'BODY' && category === 'AUTHENTICATION';
    return {
      type,
      format,
      text: isCode ? (text ?? CODE_TEXT) : text,
      buttons: buttons === undefined ? undefined : readable(Button, buttons),
      hasExpiration: offer?.has_expiration,
      cards:
        cards === undefined
          ? undefined
          : readable(Card, cards).map(({ components }) => ({ components: toComponents(components) })),
    };
  };

/** Reads the components of a template; `category` identifies authentication templates. */
export const toComponents = (components: readonly unknown[], category = ''): readonly TemplateComponent[] =>
  readable(Component, components).map(toComponent(category));

/** The time-to-live of a template; what is no positive number counts as WhatsApp's default. */
export const TtlSeconds = z.int().positive().optional().catch(undefined);
