import type * as z from 'zod';
import type { IgnoredReason, KeptItem, WebhookItem } from './provider.ts';

export const ignored = (reason: IgnoredReason): WebhookItem => ({ kind: 'ignored', reason });

/** Pass `kept` wherever the item may hold what a customer wrote. */
export const malformed = (reason: string, kept?: KeptItem): WebhookItem => ({
  kind: 'malformed',
  reason,
  ...(kept === undefined ? {} : { kept }),
});

/** Names the field that cannot be read, never its value (R16). */
export const unreadable = (item: string, error: z.ZodError, kept?: KeptItem): WebhookItem =>
  malformed([item, ...(error.issues[0]?.path ?? [])].join('.'), kept);
