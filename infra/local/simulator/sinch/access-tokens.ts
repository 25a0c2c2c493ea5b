import { randomBytes } from 'node:crypto';
import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { rawBody } from '../../../../functions/shared/http/request.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import type { AccountOf } from '../vendor.ts';

const LIFETIME_SECONDS = 3600;

type SinchAccount = AccountOf<'sinch'>;

/** Sinch's OAuth 2.0 server; its access tokens are valid for an hour of the service's clock. */
export interface AccessTokens {
  readonly issue: (event: HttpEvent) => HttpResponse;
  readonly isValid: (authorization: string | undefined, account: SinchAccount) => boolean;
}

const basicAuth = ({ secrets: { keyId, keySecret } }: SinchAccount): string =>
  `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;

const hasClientCredentialsGrant = (event: HttpEvent): boolean =>
  new URLSearchParams(Buffer.from(rawBody(event)).toString('utf8')).get('grant_type') === 'client_credentials';

export const createAccessTokens = (accounts: readonly SinchAccount[], now: () => Date): AccessTokens => {
  const issued = new Map<string, { readonly keyId: string; readonly expiresAtMs: number }>();
  return {
    issue: (event) => {
      const account = accounts.find((candidate) => basicAuth(candidate) === event.headers['authorization']);
      if (account === undefined) return json(401, { error: 'invalid_client' });
      if (!hasClientCredentialsGrant(event)) return json(400, { error: 'unsupported_grant_type' });
      const token = randomBytes(32).toString('base64url');
      issued.set(`Bearer ${token}`, {
        keyId: account.secrets.keyId,
        expiresAtMs: now().getTime() + LIFETIME_SECONDS * 1000,
      });
      return json(200, { access_token: token, expires_in: LIFETIME_SECONDS, scope: '', token_type: 'bearer' });
    },
    isValid: (authorization, account) => {
      const token = issued.get(authorization ?? '');
      return token !== undefined && token.keyId === account.secrets.keyId && now().getTime() < token.expiresAtMs;
    },
  };
};
