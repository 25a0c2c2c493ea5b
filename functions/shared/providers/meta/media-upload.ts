import * as z from 'zod';
import { readJson } from '../../domain/read-json.ts';
import { type CallOutcome, callOnce } from '../../network/http-call.ts';
import type { MediaUploader, ProviderError, UploadOutcome } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { toRefused } from '../send-outcome.ts';
import { toProviderError } from './errors.ts';
import type { MetaMediaDeps } from './media-source.ts';
import { ErrorAnswer } from './schema.ts';

/** Of the largest file. */
const UPLOAD_TIMEOUT_MS = 45_000;

const Uploaded = z.object({ id: z.string().min(1) });

/** A repeated upload reaches no customer: whatever is not refused for good is tried again. */
const unavailable = (code: string): UploadOutcome => ({
  kind: 'unavailable',
  error: { code, title: 'Meta did not take the file', class: 'retry_now' },
});

const refused = (answer: Extract<CallOutcome, { kind: 'answered' }>, error: ProviderError): UploadOutcome => {
  const outcome = toRefused(answer, error);
  return outcome.kind === 'rejected' || outcome.kind === 'unavailable' ? outcome : unavailable(error.code);
};

const toOutcome = (call: CallOutcome): UploadOutcome => {
  if (call.kind !== 'answered') return unavailable(call.code);
  const uploaded = call.status === 200 ? readJson(call.text, Uploaded) : undefined;
  if (uploaded !== undefined) return { kind: 'uploaded', mediaId: uploaded.id };
  const body = readJson(call.text, ErrorAnswer);
  return body === undefined ? unavailable(`http_${call.status}`) : refused(call, toProviderError(body.error));
};

/** Uploads to `POST /{phone number id}/media`; Meta keeps a file for 30 days. */
export const createMetaUploader = ({ account, secrets }: MetaMediaDeps): MediaUploader => ({
  upload: (file, { phoneNumberId }) =>
    secrets().then(async ({ accessToken }) => {
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
