import * as z from 'zod';
import { Instant } from '../shared/domain/instant.ts';
import { extensionOf, UploadRequest } from '../shared/domain/media-file.ts';
import { newUpload, uploadKey } from '../shared/domain/upload.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import { parseBody } from '../shared/http/request.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import type { MediaRuntime } from './runtime.ts';

const FORM_SECONDS = 900;

/** A form that accepts the file. */
export const UploadAnswer = z
  .object({
    upload: z.string().meta({ description: 'Names the file in the content of a send on this channel' }),
    url: z.string().meta({ description: 'Post multipart/form-data to it: all fields, then the file as `file`' }),
    fields: z.record(z.string(), z.string()),
    expiresAt: Instant.meta({ description: 'Until then the form accepts the file' }),
  })
  .meta({ id: 'UploadAnswer' });

/** Gives out a form with which a file of that type and size is uploaded into the bucket, past the API. */
export const createUpload = async (runtime: MediaRuntime, event: HttpEvent): Promise<Answer> => {
  const channel = runtime.channel(event.pathParameters?.['channel']);
  if (channel === undefined) return { code: 'unknown_channel', detail: 'No channel has the id in the path.' };
  const request = parseBody(UploadRequest, event);
  if (!request.ok) return request.problem;
  const { mimeType, size } = request.value;
  const upload = newUpload(channel, runtime.random(), extensionOf(mimeType));
  const key = uploadKey(channel.id, upload) ?? '';
  const { url, fields } = await runtime.bucket.uploadForm(key, { mimeType, size, seconds: FORM_SECONDS });
  const expiresAt = new Date(runtime.now().getTime() + FORM_SECONDS * 1000).toISOString();
  return json(201, { upload, url, fields: { ...fields }, expiresAt } satisfies z.infer<typeof UploadAnswer>);
};
