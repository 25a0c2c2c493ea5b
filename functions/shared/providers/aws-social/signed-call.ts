import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsSocialAccount } from '../../domain/aws-social-account.ts';
import type { AwsSocialApiSecrets } from '../../domain/secrets.ts';
import { type CallOutcome, callOnce } from '../../network/http-call.ts';

/** How calls are signed. */
export interface Caller {
  readonly account: Pick<AwsSocialAccount, 'region' | 'baseUrl'>;
  readonly credentials: AwsSocialApiSecrets;
  readonly now: () => Date;
}

export interface SignedCall {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** @default - POST with a body, GET without one */
  readonly method?: 'PUT';
  readonly body?: object;
  readonly timeoutMs: number;
}

const regionOf = ({ account, credentials }: Caller): string => account.region ?? credentials.region;

const originOf = (caller: Caller): string =>
  caller.account.baseUrl ?? `https://social-messaging.${regionOf(caller)}.amazonaws.com`;

const signerOf = (caller: Caller): SignatureV4 => {
  const { accessKeyId, secretAccessKey, sessionToken } = caller.credentials;
  return new SignatureV4({
    service: 'social-messaging',
    region: regionOf(caller),
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    sha256: Sha256,
  });
};

/**
 * Calls AWS End User Messaging Social once, signed with Signature Version 4. The SDK's own client would retry a send, and
 * could not say whether anything of it was sent (R12).
 */
export const callSigned = async (
  caller: Caller,
  { path, query = {}, method, body, timeoutMs }: SignedCall,
): Promise<CallOutcome> => {
  const url = new URL(path, originOf(caller));
  url.search = new URLSearchParams(query).toString();
  const json = body === undefined ? undefined : JSON.stringify(body);
  const { headers } = await signerOf(caller).sign(
    {
      method: method ?? (json === undefined ? 'GET' : 'POST'),
      protocol: url.protocol,
      hostname: url.hostname,
      path,
      query: { ...query },
      headers: { host: url.host, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
      body: json,
    },
    { signingDate: caller.now() },
  );
  const { host: _, ...sent } = headers;
  return callOnce({ url: url.href, method, headers: sent, body: json, timeoutMs });
};
