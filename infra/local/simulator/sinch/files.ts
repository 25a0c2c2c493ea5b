import type { Vendor } from '../vendor.ts';

/** Where Sinch serves a customer's file, to anyone who has the link. */
export const FILE_PATH = '/files/{id}/{name}';

/** Sinch derives a name from the type where the file has none. */
const nameOf = (name: string | undefined, mimeType: string): string =>
  name ?? `file.${mimeType.split('/').at(-1)?.replace('jpeg', 'jpg') ?? 'bin'}`;

/** A customer's file in a webhook. */
export const fileMessage: Vendor<'sinch'>['fileMessage'] = ({ baseUrl = '' }, { id, name, mimeType }, { caption }) => {
  const url = `${baseUrl}/files/${id}/${encodeURIComponent(nameOf(name, mimeType))}`;
  const media = { media_message: { url, filename_override: name } };
  return { contact_message: caption === undefined ? media : { media_card_message: { url, caption } } };
};
