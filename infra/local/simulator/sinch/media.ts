import * as z from 'zod';
import type { StatusReport } from '../webhook.ts';
import { isShown } from '../whatsapp-limits.ts';

const Media = z.object({ media_message: z.object({ url: z.url() }) });
const Sent = z.union([Media, z.object({ card_message: Media }).transform(({ card_message }) => card_message)]);

/** WhatsApp's own check of a file, whose kind Sinch derives from the URL: a refusal comes later, as a failed delivery. */
export const checkMedia = (message: object): StatusReport | undefined => {
  const { data } = Sent.safeParse(message);
  return data === undefined || isShown(data.media_message.url)
    ? undefined
    : { status: 'failed', code: 'MEDIA_TYPE_UNSUPPORTED' };
};
