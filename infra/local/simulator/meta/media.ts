import * as z from 'zod';
import { isSendable, visible } from '../whatsapp-limits.ts';

const text = z.string().min(1);
/** A file by id or by link, of a type that WhatsApp sends. */
export const media = (type: string) =>
  z
    .object({
      id: text.optional(),
      link: z.url().optional(),
      caption: visible(1024).optional(),
      filename: text.optional(),
    })
    .refine(({ id, link }) => (id === undefined) !== (link === undefined), 'needs either id or link')
    .refine(({ link }) => isSendable(type, link), { path: ['link'], error: 'Unsupported media type' });

export const Audio = z
  .looseObject({ voice: z.boolean().optional() })
  .refine(
    (audio) => media(audio.voice === true ? 'voice' : 'audio').safeParse(audio).success,
    'Unsupported media type',
  );
