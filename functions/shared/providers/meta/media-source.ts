import * as z from 'zod';
import type { MetaAccount } from '../../domain/config.ts';
import { readJson } from '../../domain/read-json.ts';
import type { MetaApiSecrets } from '../../domain/secrets.ts';
import { callOnce } from '../../network/http-call.ts';
import { openFile } from '../../network/open-file.ts';
import { isAt, isAtApi } from '../media-hosts.ts';
import type { MediaOutcome, MediaSource } from '../provider.ts';
import { ErrorAnswer } from './schema.ts';

/** The hosts of Meta's files, which alone get the access token. */
const META_HOSTS: readonly string[] = ['fbsbx.com', 'fbcdn.net', 'whatsapp.net'];

const LOOK_UP_TIMEOUT_MS = 10_000;
/** Of the largest file. */
const DOWNLOAD_TIMEOUT_MS = 45_000;

/** The answer to `GET /{media id}`; Meta has written the size as a number and as text. */
const MediaAnswer = z.object({
  url: z.string(),
  mime_type: z.string().optional().catch(undefined),
  sha256: z.string().optional().catch(undefined),
  file_size: z.coerce.number().int().nonnegative().optional().catch(undefined),
});
type MediaAnswer = z.infer<typeof MediaAnswer>;

export interface MetaMediaDeps {
  readonly account: MetaAccount;
  readonly secrets: () => Promise<MetaApiSecrets>;
}

/** Meta's ids are valid for 7 days; code 100 then says that the object does not exist. */
const isGone = (status: number, text: string): boolean =>
  status === 404 || String(readJson(text, ErrorAnswer)?.error.code) === '100';

const lookUp = async (
  { account: { baseUrl, graphVersion } }: MetaMediaDeps,
  { mediaId, phoneNumberId = '' }: { readonly mediaId: string; readonly phoneNumberId: string | undefined },
  headers: Readonly<Record<string, string>>,
): Promise<MediaAnswer | MediaOutcome> => {
  const query = new URLSearchParams({ phone_number_id: phoneNumberId });
  const call = await callOnce({
    url: `${baseUrl}/${graphVersion}/${encodeURIComponent(mediaId)}?${query.toString()}`,
    headers,
    timeoutMs: LOOK_UP_TIMEOUT_MS,
  });
  if (call.kind !== 'answered') return { kind: 'unavailable', code: call.code };
  if (call.status === 200) return readJson(call.text, MediaAnswer) ?? { kind: 'unavailable', code: 'unreadable' };
  return isGone(call.status, call.text) ? { kind: 'gone' } : { kind: 'unavailable', code: `http_${call.status}` };
};

/** The URL of a webhook is never called: only the one that Meta's API gives for the id. */
const download = async (
  { account }: MetaMediaDeps,
  { url, mime_type: mimeType, sha256, file_size: size }: MediaAnswer,
  credentials: Readonly<Record<string, string>>,
): Promise<MediaOutcome> => {
  const isMeta = (at: URL): boolean => isAt(at, META_HOSTS) || isAtApi(at, account);
  const opened = await openFile({
    url,
    allows: (at) => isMeta(at) || isAt(at, account.mediaHosts),
    headersFor: (at) => (isMeta(at) ? credentials : {}),
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  switch (opened.kind) {
    case 'opened':
      return {
        kind: 'opened',
        body: opened.body,
        mimeType: mimeType ?? opened.headers['content-type'],
        size,
        sha256: sha256 === undefined ? [] : [sha256],
      };
    case 'answered':
      return { kind: 'unavailable', code: `http_${opened.status}` };
    case 'failed':
      return { kind: 'unavailable', code: opened.code };
    case 'refused':
      return opened;
  }
};

/** Opens files through the Cloud API. */
export const createMetaMediaSource = (deps: MetaMediaDeps): MediaSource => ({
  open: async ({ mediaId, sha256 }, { phoneNumberId }) => {
    if (mediaId === undefined) return { kind: 'gone' };
    const { accessToken } = await deps.secrets();
    const headers = { authorization: `Bearer ${accessToken}` };
    const found = await lookUp(deps, { mediaId, phoneNumberId }, headers);
    if ('kind' in found) return found;
    const opened = await download(deps, found, headers);
    return opened.kind === 'opened' && sha256 !== undefined
      ? { ...opened, sha256: [...opened.sha256, sha256] }
      : opened;
  },
});
