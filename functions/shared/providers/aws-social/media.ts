import * as z from 'zod';
import type { AwsSocialAccount } from '../../domain/aws-social-account.ts';
import { readJson } from '../../domain/read-json.ts';
import type { AwsSocialApiSecrets } from '../../domain/secrets.ts';
import type { CallOutcome } from '../../network/http-call.ts';
import type { MediaOutcome, MediaSource, MediaUploader, UploadOutcome } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { UPLOAD_TIMEOUT_MS, uploadFailed, uploadRefused } from '../upload-outcome.ts';
import { toProviderError } from './errors.ts';
import { callSigned } from './signed-call.ts';

/*
 * AWS gives out no bytes and takes none: it writes a file to a presigned URL of S3, and reads one from there
 * (https://docs.aws.amazon.com/social-messaging/latest/APIReference/API_GetWhatsAppMessageMedia.html).
 */

export interface AwsSocialMediaDeps {
  readonly account: AwsSocialAccount;
  readonly secrets: () => Promise<AwsSocialApiSecrets>;
  readonly now: () => Date;
}

/** Its size is in KB, and says nothing exact. */
const Written = z.object({ mimeType: z.string().min(1).optional().catch(undefined) });

/** Of the largest file, from Meta to S3. */
const WRITE_TIMEOUT_MS = 45_000;

const unavailable = (code: string): MediaOutcome => ({ kind: 'unavailable', code });

/** AWS does not know the file any more; every other failure may pass. */
const toFailure = (call: CallOutcome): MediaOutcome => {
  if (call.kind !== 'answered') return unavailable(call.code);
  const { code } = toProviderError(call);
  return code === 'ResourceNotFoundException' ? { kind: 'gone' } : unavailable(code);
};

/** Opens files that AWS writes to the drop place. */
export const createAwsSocialMediaSource = ({ account, secrets, now }: AwsSocialMediaDeps): MediaSource => ({
  open: async ({ mediaId, sha256 }, { phoneNumberId }, drop) => {
    if (mediaId === undefined) return { kind: 'gone' };
    const call = await callSigned(
      { account, credentials: await secrets(), now },
      {
        path: '/v1/whatsapp/media/get',
        body: {
          mediaId,
          originationPhoneNumberId: phoneNumberId,
          destinationS3PresignedUrl: { url: await drop.link(), headers: {} },
        },
        timeoutMs: WRITE_TIMEOUT_MS,
      },
    );
    const written = call.kind === 'answered' && call.status === 200 ? readJson(call.text, Written) : undefined;
    if (written === undefined) return toFailure(call);
    const hashes = sha256 === undefined ? [] : [sha256];
    return { kind: 'opened', body: await drop.open(), mimeType: written.mimeType, sha256: hashes };
  },
});

const Uploaded = z.object({ mediaId: z.string().min(1) });

const toOutcome = (call: CallOutcome): UploadOutcome => {
  if (call.kind !== 'answered') return uploadFailed(call.code);
  const uploaded = call.status === 200 ? readJson(call.text, Uploaded) : undefined;
  if (uploaded !== undefined) return { kind: 'uploaded', mediaId: uploaded.mediaId };
  return call.status === 200 ? uploadFailed('unreadable') : uploadRefused(call, toProviderError(call));
};

/** Has AWS read a file by its link and upload it to Meta. */
export const createAwsSocialUploader = ({ account, secrets, now }: AwsSocialMediaDeps): MediaUploader => ({
  upload: ({ mimeType, link }, { phoneNumberId }) =>
    secrets().then(async (credentials) => {
      const source = { url: await link(), headers: { 'Content-Type': mimeType } };
      const call = await callSigned(
        { account, credentials, now },
        {
          path: '/v1/whatsapp/media',
          body: { originationPhoneNumberId: phoneNumberId, sourceS3PresignedUrl: source },
          timeoutMs: UPLOAD_TIMEOUT_MS,
        },
      );
      return toOutcome(call);
    }, toSecretsFailure),
});
