/** What a file is sent as; a voice note and an animated sticker have limits of their own. */
export const MEDIA_KINDS = ['image', 'video', 'audio', 'voice', 'document', 'sticker', 'animated_sticker'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** The kind of a media message or a header: only the sender of a sticker knows whether it is animated. */
export const mediaKindOf = ({
  type,
  voice,
}: {
  readonly type: string;
  readonly voice?: boolean | undefined;
}): MediaKind => {
  if (voice === true) return 'voice';
  return type === 'sticker' ? 'animated_sticker' : (MEDIA_KINDS.find((kind) => kind === type) ?? 'document');
};
