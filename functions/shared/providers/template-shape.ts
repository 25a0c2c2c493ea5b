import * as z from 'zod';
import type { TemplateButton, TemplateComponent } from '../domain/template.ts';

/*
 * WhatsApp's own shape of a template's components, which Meta and Sinch give alike, read tolerantly: what is not needed
 * to count and type parameters is left out.
 */

const text = z.string().optional().catch(undefined);
const word = z
  .string()
  .min(1)
  .transform((value) => value.toUpperCase());

const Button = z.object({ type: word, text, url: text });

const Component = z.object({
  type: word,
  format: word.optional().catch(undefined),
  text,
  buttons: z.array(z.unknown()).optional().catch(undefined),
});

const readable = <T>(schema: z.ZodType<T>, values: readonly unknown[]): readonly T[] =>
  values.flatMap((value) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });

/** WhatsApp writes the text of a code itself; where the list leaves it out, it still takes the code. */
const CODE_TEXT = '{{1}}';

const toComponent =
  (category: string) =>
  ({ type, format, text, buttons }: z.infer<typeof Component>): TemplateComponent => {
    const isCode = type === 'BODY' && category === 'AUTHENTICATION';
    const shown: readonly TemplateButton[] | undefined = buttons === undefined ? undefined : readable(Button, buttons);
    return { type, format, text: isCode ? (text ?? CODE_TEXT) : text, buttons: shown };
  };

/** Reads the components of a template; the category tells whose text WhatsApp writes. */
export const toComponents = (components: readonly unknown[], category = ''): readonly TemplateComponent[] =>
  readable(Component, components).map(toComponent(category));
