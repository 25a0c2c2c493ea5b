import type { SessionContent } from '../../domain/content.ts';
import type { Unsupported } from '../provider.ts';

export type Json = Readonly<Record<string, unknown>>;
export type Of<T extends SessionContent['type']> = Extract<SessionContent, { readonly type: T }>;

/** A message in Sinch's shape, or the field that Sinch does not support. */
export type Wire =
  | { readonly kind: 'message'; readonly message: Json; readonly channelProperties?: Json }
  | { readonly kind: 'unsupported'; readonly unsupported: Unsupported };

export const message = (body: Json): Wire => ({ kind: 'message', message: body });

export const unsupportedAt = (path: string, sentence: string): Wire => ({
  kind: 'unsupported',
  unsupported: { path, message: sentence },
});
