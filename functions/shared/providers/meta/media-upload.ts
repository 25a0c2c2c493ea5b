import * as z from 'zod';
import { readJson } from '../../domain/read-json.ts';
import { type CallOutcome, callOnce } from '../../network/http-call.ts';
import type { MediaUploader, UploadOutcome } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { UPLOAD_TIMEOUT_MS, uploadFailed, uploadRefused } from '../upload-outcome.ts';
import { toProviderError } from './errors.ts';
import type { MetaMediaDeps } from './media-source.ts';
import { ErrorAnswer } from './schema.ts';

const Uploaded = z.object({ id: z.string().min(1) });

const toOutcome = (call: CallOutcome): UploadOutcome => {
  if (call.kind !== 'answered') return uploadFailed(call.code);
  const uploaded = call.status === 200 ? readJson(call.text, Uploaded) : undefined;
  if (uploaded !== undefined) return { kind: 'uploaded', mediaId: uploaded.id };
  const body = readJson(call.text, ErrorAnswer);
  return body === undefined ? uploadFailed(`http_${call.status}`) : uploadRefused(call, toProviderError(body.error));
};

/** Uploads to `POST /{phone number id}/media`; Meta keeps a file for 30 days. */
export const createMetaUploader = ({ account, secrets }: MetaMediaDeps): MediaUploader => ({
  upload: ({ open }, { phoneNumberId }) =>
    secrets().then(async ({ accessToken }) => {
      const file = await open();
      const body = new FormData();
      body.set('messaging_product', 'whatsapp');
      body.set('type', file.type);
      body.set('file', file);
      const call = await callOnce({
        url: `${account.baseUrl}/${account.graphVersion}/${phoneNumberId}/media`,
        headers: { authorization: `Bearer ${accessToken}` },
        body,
        timeoutMs: UPLOAD_TIMEOUT_MS,
      });
      return toOutcome(call);
    }, toSecretsFailure),
});
