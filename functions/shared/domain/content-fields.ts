import * as z from 'zod';

/** A text of `min` to `max` characters, counted in code points, so that an emoji is one; WhatsApp refuses blank texts. */
export const characters = (max: number, min = 1) =>
  z
    .string()
    .superRefine((value, context) => {
      const length = Array.from(value).length;
      if (length > 0 && value.trim() === '') context.addIssue({ code: 'custom', message: 'must not be blank' });
      if (length < min) context.addIssue({ code: 'custom', message: 'must not be empty' });
      if (length > max)
        context.addIssue({ code: 'custom', message: `has ${length} characters, WhatsApp allows at most ${max}` });
    })
    .meta({ minLength: min, maxLength: max, ...(min > 0 ? { pattern: '\\S' } : {}) });

export const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http(s) URL that WhatsApp can fetch' })
  .max(2_000, 'has more than 2000 characters');

/** Refuses a list in which a value repeats. */
export const mustDiffer = (values: readonly string[], what: string, context: z.RefinementCtx): void => {
  if (new Set(values).size !== values.length) context.addIssue({ code: 'custom', message: `${what} must differ` });
};

/** Refuses a section without a title beside others. */
export const mustHaveTitles = (
  sections: readonly { readonly title?: string | undefined }[],
  context: z.RefinementCtx,
) => {
  for (const [index, { title }] of sections.entries())
    if (sections.length > 1 && title === undefined)
      context.addIssue({
        code: 'custom',
        path: [index, 'title'],
        message: 'is required when there are several sections',
      });
};
