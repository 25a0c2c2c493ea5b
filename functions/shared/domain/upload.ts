import * as z from 'zod';
import type { Channel } from './config.ts';
import type { MessageContent, SessionContent } from './content.ts';
import { type MediaKind, mediaKindOf } from './media-kind.ts';
import { NEXT_ACTIONS } from './send-decision.ts';
import { readUpload } from './upload-name.ts';

/** The key of an uploaded file in the bucket; `undefined` for what names no upload. */
export const uploadKey = (channel: string, upload: string): string | undefined => {
  const named = readUpload(upload);
  return named === undefined ? undefined : `${named.retentionDays}/${channel}/${named.file}`;
};

/** The name of a new upload: it says how long its file is kept, and what a URL must end with for a provider that reads the type there. */
export const newUpload = (
  { retentionDays }: Pick<Channel, 'retentionDays'>,
  random: string,
  extension: string,
): string => `up_${retentionDays}_${random}${extension}`;

/** What a provider takes in the place of an uploaded file. */
export const PreparedFile = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), mediaId: z.string().optional(), url: z.string().optional() }),
  /** There is no such file, or WhatsApp does not send it as that kind. */
  z.object({ kind: z.literal('unfit'), message: z.string() }),
  /** The provider refused the file. */
  z.object({
    kind: z.literal('rejected'),
    code: z.string(),
    title: z.string(),
    nextAction: z.enum(NEXT_ACTIONS),
  }),
  /** It could not be handed to the provider now. */
  z.object({ kind: z.literal('unavailable'), code: z.string(), title: z.string() }),
]);
export type PreparedFile = z.infer<typeof PreparedFile>;
export type ReadyFile = Extract<PreparedFile, { readonly kind: 'ready' }>;

/** Asks for what the provider of a channel takes in the place of an uploaded file. */
export interface PrepareRequest {
  readonly channel: string;
  readonly upload: string;
  readonly kind: string;
}

/** An uploaded file that a message names. */
export interface NamedUpload {
  /** Dotted path into the request. */
  readonly path: string;
  readonly upload: string;
  readonly kind: MediaKind;
}

interface Part {
  readonly type: string;
  readonly url?: string | undefined;
  readonly mediaId?: string | undefined;
  readonly upload?: string | undefined;
  readonly voice?: boolean | undefined;
}

type Replace = <T extends Part>(part: T, path: string) => T;

type Content<T extends SessionContent['type']> = Extract<SessionContent, { readonly type: T }>;

const hasFile = (content: SessionContent): content is Content<'image' | 'video' | 'audio' | 'document' | 'sticker'> =>
  ['image', 'video', 'audio', 'document', 'sticker'].includes(content.type);

/** Replaces each part of a content that has a file: itself, its header, or the headers of its cards. */
const replaceParts = (content: SessionContent, replace: Replace): SessionContent => {
  if (hasFile(content)) return replace(content, 'content');
  if (content.type === 'carousel') {
    const cards = content.cards.map((card, index) => ({
      ...card,
      header: replace(card.header, `content.cards.${index}.header`),
    }));
    return { ...content, cards };
  }
  if (content.type === 'list' || content.type === 'product_list') return content;
  return 'header' in content && typeof content.header === 'object'
    ? { ...content, header: replace(content.header, 'content.header') }
    : content;
};

/** The keys of the uploaded files that a stored content names, in whatever version it was stored. */
export const uploadKeysIn = (channel: string, content: unknown): readonly string[] => {
  if (typeof content === 'string') return [uploadKey(channel, content) ?? []].flat();
  return typeof content === 'object' && content !== null
    ? Object.values(content).flatMap((part) => uploadKeysIn(channel, part))
    : [];
};

/** The uploaded files that a message names. */
export const uploadsIn = (content: MessageContent): readonly NamedUpload[] => {
  if (content.type === 'template') return [];
  const uploads: NamedUpload[] = [];
  replaceParts(content, (part, path) => {
    if (part.upload !== undefined)
      uploads.push({ path: `${path}.upload`, upload: part.upload, kind: mediaKindOf(part) });
    return part;
  });
  return uploads;
};

/** The content with what the provider takes in the place of each uploaded file. */
export const withFiles = (
  content: MessageContent,
  fileOf: (upload: string) => Pick<ReadyFile, 'mediaId' | 'url'> | undefined,
): MessageContent =>
  content.type === 'template'
    ? content
    : replaceParts(content, (part) =>
        part.upload === undefined ? part : { ...part, upload: undefined, ...fileOf(part.upload) },
      );
