import * as z from 'zod';
import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { parseBody } from '../../../../functions/shared/http/request.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import type { FileShelf, ShelfFile } from '../file-shelf.ts';
import { uploadFault } from '../whatsapp-limits.ts';

const PresignedUrl = z.strictObject({ url: z.url(), headers: z.record(z.string(), z.string()) });

const GetBody = z.strictObject({
  mediaId: z.string().min(1),
  originationPhoneNumberId: z.string().min(1),
  destinationS3PresignedUrl: PresignedUrl,
});

const PostBody = z.strictObject({
  originationPhoneNumberId: z.string().min(1),
  sourceS3PresignedUrl: PresignedUrl.refine(({ headers }) => 'Content-Type' in headers, 'needs its Content-Type'),
});

/** What AWS refuses. */
export type MediaRefusal = 'invalid' | 'unknown' | 'unreachable';

/** The number that a call is for; `undefined` where it names none. */
export const numberOf = (event: HttpEvent): string | undefined => {
  const parsed = parseBody(z.looseObject({ originationPhoneNumberId: z.string() }), event);
  return parsed.ok ? parsed.value.originationPhoneNumberId : undefined;
};

/** Writes a customer's file to the presigned URL. */
export const writeMedia = async (files: FileShelf, event: HttpEvent): Promise<HttpResponse | MediaRefusal> => {
  const parsed = parseBody(GetBody, event);
  if (!parsed.ok) return 'invalid';
  const { mediaId, destinationS3PresignedUrl: to } = parsed.value;
  const file = files.find(mediaId);
  if (file === undefined) return 'unknown';
  const { mimeType, bytes } = file;
  const headers = { 'content-type': mimeType, ...to.headers };
  const written = await fetch(to.url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
  return written.ok ? json(200, { mimeType, fileSize: Math.ceil(bytes.length / 1_024) }) : 'unreachable';
};

/** Reads the file of the business from the presigned URL. */
export const takeMedia = async (files: FileShelf, event: HttpEvent): Promise<ShelfFile | MediaRefusal> => {
  const parsed = parseBody(PostBody, event);
  if (!parsed.ok) return 'invalid';
  const { url, headers } = parsed.value.sourceS3PresignedUrl;
  const read = await fetch(url);
  if (!read.ok) return 'unreachable';
  const bytes = new Uint8Array(await read.arrayBuffer());
  const mimeType = headers['Content-Type'] ?? '';
  return uploadFault(mimeType, bytes.length) === undefined
    ? files.add({ bytes, mimeType, name: undefined })
    : 'invalid';
};
