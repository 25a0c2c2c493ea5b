import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HttpEvent } from '../../../../functions/shared/http/handler.ts';
import type { AccountOf } from '../vendor.ts';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/social-messaging\/aws4_request, SignedHeaders=([a-z0-9;-]+), /;

const dateOf = (text: string | undefined): Date =>
  new Date((text ?? '').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** Whether the credentials of the account have signed exactly this call, as AWS checks it. */
export const isSigned = async ({ secrets }: AccountOf<'aws-social'>, event: HttpEvent): Promise<boolean> => {
  const { authorization = '', 'x-amz-date': date } = event.headers;
  const [, region = '', signedHeaders = ''] = AUTHORIZATION.exec(authorization) ?? [];
  const signingDate = dateOf(date);
  if (region === '' || Number.isNaN(signingDate.getTime())) return false;
  const { accessKeyId, secretAccessKey } = secrets;
  const signer = new SignatureV4({
    service: 'social-messaging',
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
  });
  const headers = Object.fromEntries(signedHeaders.split(';').map((name) => [name, event.headers[name] ?? '']));
  const signed = await signer.sign(
    {
      method: event.requestContext.http.method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: event.rawPath,
      query: Object.fromEntries(new URLSearchParams(event.rawQueryString)),
      headers,
      body: event.body === undefined ? undefined : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8'),
    },
    { signingDate },
  );
  return signed.headers['authorization'] === authorization;
};
