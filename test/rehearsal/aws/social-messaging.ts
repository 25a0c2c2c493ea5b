import * as z from 'zod';
import { arnOf } from '../assembly/identities.ts';
import { forward } from '../network/forward.ts';
import { type AwsCall, type AwsService, jsonOf, unknownOperation } from './aws-call.ts';

const SendBody = z.object({ originationPhoneNumberId: z.string() });

/** `waba-0123` is `waba/0123` in an ARN. */
const toArn = (id: string): string => arnOf('social-messaging', id.replace(/-(?=[^-]*$)/, '/'));

const OPERATIONS: Readonly<Record<string, string>> = {
  'GET /v1/whatsapp/template': 'GetWhatsAppMessageTemplate',
  'GET /v1/whatsapp/template/list': 'ListWhatsAppMessageTemplates',
  'POST /v1/whatsapp/send': 'SendWhatsAppMessage',
};

const resourceOf = (call: AwsCall): string =>
  call.method === 'POST'
    ? SendBody.parse(jsonOf(call)).originationPhoneNumberId
    : (new URLSearchParams(call.query).get('id') ?? '');

/** AWS End User Messaging Social: the simulator of the local run, behind the policies of the template. */
export const createSocialMessaging = (port: number): AwsService => ({
  accesses: (call) => {
    const operation = OPERATIONS[`${call.method} ${call.path}`];
    if (operation === undefined) throw unknownOperation(call, `${call.method} ${call.path}`);
    return [{ action: `social-messaging:${operation}`, resource: toArn(resourceOf(call)) }];
  },
  deny: () => ({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: '{}' }),
  perform: ({ method, path, query, headers, body }) =>
    forward(port, { method, path: query === '' ? path : `${path}?${query}`, headers, body }),
});
