import { AwsV4Signer } from 'aws4fetch';

/** Adds to a request what authorizes it. */
export type Authorize = (request: Request) => Promise<Request>;

/** For the local run, which accepts unsigned calls. */
export const anonymous: Authorize = async (request) => request;

const withHeader = (request: Request, name: string, value: string): Request => {
  const changed = new Request(request);
  changed.headers.set(name, value);
  return changed;
};

/** Sends an access token, which is asked for before every try. */
export const bearer =
  (token: string | (() => Promise<string>)): Authorize =>
  async (request) =>
    withHeader(request, 'authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);

export interface ClientCredentials {
  /** The output `TokenUrl` of the stack, or the token endpoint of your issuer. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** @default - every scope of the client */
  readonly scopes?: readonly ('read' | 'send' | 'admin')[];
}

interface Token {
  readonly value: string;
  readonly usableUntil: number;
}

/** A token is replaced so long before it expires. */
const SPARE_MS = 60_000;

const requestToken = async ({ tokenUrl, clientId, clientSecret, scopes }: ClientCredentials): Promise<Token> => {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes !== undefined) form.set('scope', scopes.map((scope) => `carewindow/${scope}`).join(' '));
  const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
  const askedAt = Date.now();
  const response = await fetch(tokenUrl, { method: 'POST', headers: { authorization }, body: form });
  if (!response.ok)
    throw new Error(`the token endpoint answers ${response.status}: check client id, secret and scopes`);
  const { access_token: value, expires_in: seconds }: { access_token: string; expires_in: number } =
    await response.json();
  return { value, usableUntil: askedAt + seconds * 1000 - SPARE_MS };
};

/** Gets access tokens from a token endpoint, and uses each until shortly before it expires. */
export const clientCredentials = (credentials: ClientCredentials): Authorize => {
  let asked: Promise<Token> | undefined;
  let usableUntil = Number.POSITIVE_INFINITY;
  const ask = async (): Promise<Token> => {
    usableUntil = Number.POSITIVE_INFINITY;
    try {
      const token = await requestToken(credentials);
      usableUntil = token.usableUntil;
      return token;
    } catch (fault) {
      asked = undefined;
      throw fault;
    }
  };
  return bearer(async () => {
    if (asked === undefined || Date.now() >= usableUntil) asked = ask();
    return (await asked).value;
  });
};

export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Signs with AWS Signature Version 4; the keys are asked for before every try, since those of a role expire. */
export const sigv4 =
  (region: string, keys: () => Promise<SigningKeys>): Authorize =>
  async (request) => {
    const { accessKeyId, secretAccessKey, sessionToken } = await keys();
    const signer = new AwsV4Signer({
      url: request.url,
      method: request.method,
      headers: request.headers,
      body: request.body === null ? null : await request.clone().arrayBuffer(),
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      service: 'execute-api',
      region,
    });
    const { headers } = await signer.sign();
    return new Request(request, { headers });
  };
