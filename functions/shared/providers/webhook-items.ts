import type * as z from 'zod';
import type { IgnoredReason, WebhookItem } from './provider.ts';

export const ignored = (reason: IgnoredReason): WebhookItem => ({ kind: 'ignored', reason });

export const malformed = (reason: string): WebhookItem => ({ kind: 'malformed', reason });

/** Names the field that cannot be read, never its value (R16). */
export const unreadable = (item: string, error: z.ZodError): WebhookItem =>
  malformed([item, ...(error.issues[0]?.path ?? [])].join('.'));
