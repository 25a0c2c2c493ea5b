import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

/** A request as it came over the wire, with lower-case header names. */
export interface SignedRequest {
  readonly method: string;
  /** Encoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array | undefined;
}

/** What the header `Authorization` of an AWS call says. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<accessKeyId>[^/]+)\/\d{8}\/(?<region>[a-z0-9-]+)\/(?<service>[a-z0-9-]+)\/aws4_request, ?SignedHeaders=(?<signedHeaders>[a-z0-9;-]+), ?Signature=/;

/** Reads the header `Authorization`; `undefined` for one that is not of Signature Version 4. */
export const readSignature = (authorization: string | undefined): Signature | undefined => {
  const parts = AUTHORIZATION.exec(authorization ?? '')?.groups;
  if (parts === undefined) return undefined;
  const { accessKeyId = '', region = '', service = '', signedHeaders = '' } = parts;
  return { accessKeyId, region, service, signedHeaders: signedHeaders.split(';') };
};

const dateOf = (text: string | undefined): Date =>
  new Date((text ?? '').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const queryOf = (query: string): Record<string, string[]> => {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));
};

/** Whether whoever has that secret signed exactly this call, as AWS checks it. */
export const isSignedBy = async (secretAccessKey: string, request: SignedRequest): Promise<boolean> => {
  const { authorization } = request.headers;
  const signature = readSignature(authorization);
  const signingDate = dateOf(request.headers['x-amz-date']);
  if (signature === undefined || Number.isNaN(signingDate.getTime())) return false;
  const { accessKeyId, region, service, signedHeaders } = signature;
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: signedHeaders.includes('x-amz-content-sha256'),
  });
  const headers = Object.fromEntries(signedHeaders.map((name) => [name, request.headers[name] ?? '']));
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: request.path,
      query: queryOf(request.query),
      headers,
      body: request.body,
    },
    { signingDate },
  );
  return signatureIn(signed.headers['authorization']) === signatureIn(authorization);
};

const signatureIn = (authorization: string | undefined): string | undefined =>
  /Signature=([0-9a-f]{64})$/.exec(authorization ?? '')?.[1];
