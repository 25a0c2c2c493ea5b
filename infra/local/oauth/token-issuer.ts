import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

const ALGORITHM = 'RS256';
const KEY_ID = 'local-key-1';

/** The only system of the local run; tokens carry the id of their client, and no `aud`, as those of Cognito. */
export const LOCAL_CLIENT = { id: 'local-client', secret: 'local-secret' } as const;

/** The console: a public client, which keeps no secret. */
export const LOCAL_PAGE = { id: 'local-page' } as const;

/** Signs access tokens, valid by the machine's clock. */
export interface TokenIssuer {
  readonly url: string;
  readonly sign: (claims: JWTPayload, lifetimeSeconds: number) => Promise<string>;
  readonly publicKeys: () => Promise<{ keys: { kid: string; alg: string; use: string; [field: string]: unknown }[] }>;
}

/** An issuer with a key of its own, made when it is first used. */
export const createTokenIssuer = (url: string): TokenIssuer => {
  let pair: ReturnType<typeof generateKeyPair> | undefined;
  const keys = () => {
    pair ??= generateKeyPair(ALGORITHM);
    return pair;
  };
  return {
    url,
    sign: async (claims, lifetimeSeconds) => {
      const { privateKey } = await keys();
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
        .setIssuer(url)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(privateKey);
    },
    publicKeys: async () => {
      const { publicKey } = await keys();
      return { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' }] };
    },
  };
};
