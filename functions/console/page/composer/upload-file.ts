import { type CareWindow, unwrap } from '../../../client/client.ts';
import type { Attachment } from './attachment.tsx';

type FileType = Extract<Attachment, { kind: 'file' }>['type'];

/** What WhatsApp shows as such; every other file goes as a document. */
const TYPES: readonly (readonly [FileType, readonly string[]])[] = [
  ['image', ['image/jpeg', 'image/png']],
  ['video', ['video/mp4', 'video/3gpp']],
  ['audio', ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/amr', 'audio/ogg']],
];

const typeOf = (mimeType: string): FileType =>
  TYPES.find(([, mimeTypes]) => mimeTypes.includes(mimeType))?.[0] ?? 'document';

/** Puts a file past the API into the bucket. @throws a ProblemError when the service refuses it, an Error when the bucket does */
export const uploadFile = async (api: CareWindow, channel: string, file: File): Promise<Attachment> => {
  const mimeType = file.type || 'application/octet-stream';
  const type = typeOf(mimeType);
  const body = { type, mimeType, size: file.size };
  const form = await unwrap(api.POST('/v1/channels/{channel}/media', { params: { path: { channel } }, body }));
  const data = new FormData();
  for (const [name, value] of Object.entries(form.fields)) data.append(name, value);
  data.append('file', file);
  const response = await fetch(form.url, { method: 'POST', body: data });
  if (!response.ok) throw new Error(`the bucket answers ${response.status}`);
  return { kind: 'file', type, name: file.name, size: file.size, upload: form.upload };
};
