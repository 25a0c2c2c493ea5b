import * as z from 'zod';

const text = z.string().min(1).optional().catch(undefined);

/** The file in a customer's message: an id or a link of the provider, and what the message says of it. */
const ProviderFile = z.object({
  type: z.string(),
  mediaId: text,
  url: text,
  mimeType: text,
  sha256: text,
  filename: text,
});
export type ProviderFile = z.infer<typeof ProviderFile>;

const TYPES: readonly string[] = ['image', 'audio', 'video', 'document', 'sticker', 'media'];

/** The provider's file of a message; `undefined` for a message without one. */
export const providerFileOf = (content: { readonly type: string }): ProviderFile | undefined => {
  const file = TYPES.includes(content.type) ? ProviderFile.safeParse(content).data : undefined;
  return file?.mediaId === undefined && file?.url === undefined ? undefined : file;
};
