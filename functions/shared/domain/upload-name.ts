import * as z from 'zod';

const UPLOAD = /^up_(\d{1,4})_([0-9a-f]{40}(?:\.[a-z0-9]{2,4})?)$/;

/** The name of an upload, as the API gives it. */
export const UploadName = z
  .string()
  .regex(UPLOAD, 'must be the upload that POST /v1/channels/{channel}/media has answered');

/** The parts of the name; `undefined` for another text. */
export const readUpload = (upload: string): { readonly retentionDays: number; readonly file: string } | undefined => {
  const [, retentionDays, file] = UPLOAD.exec(upload) ?? [];
  return file === undefined ? undefined : { retentionDays: Number(retentionDays), file };
};
