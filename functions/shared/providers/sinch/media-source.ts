import type { SinchAccount } from '../../domain/config.ts';
import { openFile } from '../../network/open-file.ts';
import { isAt, isAtApi } from '../media-hosts.ts';
import type { MediaSource } from '../provider.ts';

const DOWNLOAD_TIMEOUT_MS = 45_000;

/** A link that has expired: Sinch keeps a customer's file for 7 days. */
const GONE: readonly number[] = [403, 404, 410];

/**
 * Opens files by the links of Sinch's webhooks, without credentials. Sinch's pages name no host of them, so only hosts that
 * the account's `mediaHosts` names are called.
 */
export const createSinchMediaSource = (account: SinchAccount): MediaSource => ({
  open: async ({ url }) => {
    if (url === undefined) return { kind: 'gone' };
    const opened = await openFile({
      url,
      allows: (at) => isAtApi(at, account) || isAt(at, account.mediaHosts),
      headersFor: () => ({}),
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
    });
    switch (opened.kind) {
      case 'opened':
        return { kind: 'opened', body: opened.body, mimeType: opened.headers['content-type'], sha256: [] };
      case 'answered':
        return GONE.includes(opened.status) ? { kind: 'gone' } : { kind: 'unavailable', code: `http_${opened.status}` };
      case 'failed':
        return { kind: 'unavailable', code: opened.code };
      case 'refused':
        return opened;
    }
  },
});
