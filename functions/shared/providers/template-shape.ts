import * as z from 'zod';
import type { TemplateButton, TemplateComponent } from '../domain/template.ts';

/*
 * WhatsApp's shape of a template's components, the same at Meta and Sinch. Only the fields that parameters are checked
 * against are read, and a component that cannot be read is skipped.
 */

const text = z.string().optional().catch(undefined);
const upperCase = z
  .string()
  .min(1)
  .transform((value) => value.toUpperCase());

const Button = z.object({ type: upperCase, text, url: text });

const Component = z.object({
  type: upperCase,
  format: upperCase.optional().catch(undefined),
  text,
  buttons: z.array(z.unknown()).optional().catch(undefined),
});

const readable = <T>(schema: z.ZodType<T>, values: readonly unknown[]): readonly T[] =>
  values.flatMap((value) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });

/** The body of an authentication template, whose text WhatsApp provides and some lists omit: its parameter is the code. */
const CODE_TEXT = '{{1}}';

const toComponent =
  (category: string) =>
  ({ type, format, text, buttons }: z.infer<typeof Component>): TemplateComponent => {
    const isCode = type === 'BODY' && category === 'AUTHENTICATION';
    const shown: readonly TemplateButton[] | undefined = buttons === undefined ? undefined : readable(Button, buttons);
    return { type, format, text: isCode ? (text ?? CODE_TEXT) : text, buttons: shown };
  };

/** Reads the components of a template; `category` identifies authentication templates. */
export const toComponents = (components: readonly unknown[], category = ''): readonly TemplateComponent[] =>
  readable(Component, components).map(toComponent(category));
