import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { rawBody } from '../../../../functions/shared/http/request.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import type { FileShelf, ShelfFile } from '../file-shelf.ts';
import type { AccountOf, Vendor } from '../vendor.ts';
import { uploadFault } from '../whatsapp-limits.ts';
import type { CustomerFile } from '../write-request.ts';

/** Where Meta serves the bytes, on a host of its own. */
export const FILE_PATH = '/whatsapp_business/attachments/{mediaId}';

const urlOf = ({ baseUrl }: AccountOf<'meta'>, id: string): string => baseUrl + FILE_PATH.replace('{mediaId}', id);

/** A customer's file in a webhook, without a link. */
export const fileObject = (
  { id, mimeType, sha256, name }: ShelfFile,
  { type, caption, voice }: CustomerFile,
): Record<string, unknown> => ({
  id,
  mime_type: mimeType,
  sha256: Buffer.from(sha256, 'hex').toString('base64'),
  filename: type === 'document' ? name : undefined,
  caption,
  voice,
});

/** A customer's file in a webhook; the link in it needs the access token too. */
export const fileMessage: Vendor<'meta'>['fileMessage'] = (account, file, sent) => ({
  type: sent.type,
  [sent.type]: { ...fileObject(file, sent), url: urlOf(account, file.id) },
});

/** `GET /{media id}`. */
export const describeFile = (account: AccountOf<'meta'>, { id, mimeType, sha256, bytes }: ShelfFile): HttpResponse =>
  json(200, {
    messaging_product: 'whatsapp',
    url: urlOf(account, id),
    mime_type: mimeType,
    sha256,
    file_size: bytes.length,
    id,
  });

const readForm = async (event: HttpEvent): Promise<FormData | undefined> => {
  const headers = { 'content-type': event.headers['content-type'] ?? '' };
  return new Response(new Uint8Array(rawBody(event)), { headers }).formData().catch(() => undefined);
};

/** `POST /{phone number id}/media`: the stored file, or what is wrong with the form. */
export const takeUpload = async (files: FileShelf, event: HttpEvent): Promise<ShelfFile | string> => {
  const form = await readForm(event);
  const file = form?.get('file');
  if (form?.get('messaging_product') !== 'whatsapp') return 'The parameter messaging_product is required.';
  if (typeof file !== 'object' || file === null) return 'The parameter file is required.';
  const bytes = new Uint8Array(await file.arrayBuffer());
  const fault = uploadFault(file.type, bytes.length);
  return fault ?? files.add({ bytes, mimeType: file.type, name: file.name });
};
