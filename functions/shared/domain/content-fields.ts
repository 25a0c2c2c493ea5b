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
