import type { HttpEvent } from '../../../../functions/shared/http/handler.ts';
import { isSignedBy, readSignature } from '../../aws-signature.ts';
import type { AccountOf } from '../vendor.ts';

/** Whether the credentials of the account have signed exactly this call, as AWS checks it. */
export const isSigned = async ({ secrets }: AccountOf<'aws-social'>, event: HttpEvent): Promise<boolean> => {
  const { headers, rawPath, rawQueryString, body, isBase64Encoded, requestContext } = event;
  if (readSignature(headers['authorization'])?.service !== 'social-messaging') return false;
  return isSignedBy(secrets.secretAccessKey, {
    method: requestContext.http.method,
    path: rawPath,
    query: rawQueryString,
    headers,
    body: body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  });
};
