import { randomBytes } from 'node:crypto';
import type { HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { json } from '../../../../functions/shared/http/respond.ts';

interface GraphError {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly details: string;
}

/** An error as the Graph API answers it. */
export const refuse = ({ status, code, message, details }: GraphError): HttpResponse =>
  json(status, {
    error: {
      message: `(#${code}) ${message}`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details },
      fbtrace_id: randomBytes(12).toString('base64url'),
    },
  });

export const invalidToken = () =>
  refuse({ status: 401, code: 190, message: 'Invalid OAuth access token', details: 'Cannot parse access token' });
export const unknownObject = () =>
  refuse({ status: 400, code: 100, message: 'Unsupported post request', details: 'Object does not exist' });
export const invalidParameter = (details: string) =>
  refuse({ status: 400, code: 100, message: 'Invalid parameter', details });
export const windowClosed = () =>
  refuse({
    status: 400,
    code: 131047,
    message: 'Re-engagement message',
    details:
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  });
export const phoneOnly = () =>
  refuse({
    status: 400,
    code: 131_062,
    message: 'Business-scoped user ID is not supported',
    details: 'Authentication templates are sent to phone numbers alone.',
  });
export const rateLimited = () =>
  refuse({ status: 400, code: 130429, message: 'Rate limit hit', details: 'Cloud API message throughput reached.' });
