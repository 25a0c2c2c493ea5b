import * as z from 'zod';
import { HttpUrl } from './content-fields.ts';
import { mediaUrlFault } from './media-url.ts';
import { UploadName } from './upload-name.ts';

interface Source {
  /** What the file is sent as: a media type, or `voice`. */
  readonly type: string;
  readonly url?: string | undefined;
  readonly mediaId?: string | undefined;
  readonly upload?: string | undefined;
}

/** Where the file of a media message or of a header is. */
export const source = {
  url: HttpUrl.optional(),
  mediaId: z.string().min(1).max(256).optional(),
  upload: UploadName.optional(),
};

/** Refuses a file that has several places or none, or that WhatsApp does not send as that type. */
export const oneSource = ({ type, url, mediaId, upload }: Source, context: z.RefinementCtx): void => {
  const given = [url, mediaId, upload].filter((place) => place !== undefined);
  const message = given.length === 1 ? mediaUrlFault(type, url) : 'give one of url, mediaId and upload';
  if (message !== undefined) context.addIssue({ code: 'custom', path: ['url'], message });
};

/** The rule of {@link oneSource} in the JSON Schema. */
export const ONE_SOURCE = {
  oneOf: Object.keys(source).map((field) => ({ properties: { [field]: { type: 'string' } }, required: [field] })),
};
