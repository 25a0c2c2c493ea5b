import * as z from 'zod';
import { arnOf } from '../assembly/identities.ts';
import { forward } from '../network/forward.ts';
import { type AwsCall, type AwsReply, type AwsService, jsonOf, unknownOperation } from './aws-call.ts';

const SendBody = z.object({ originationPhoneNumberId: z.string() });
const PutBody = z.object({
  id: z.string(),
  eventDestinations: z.array(z.object({ eventDestinationArn: z.string() })),
});

/** `waba-0123` is `waba/0123` in an ARN. */
const toArn = (id: string): string => arnOf('social-messaging', id.replace(/-(?=[^-]*$)/, '/'));

const OPERATIONS: Readonly<Record<string, string>> = {
  'GET /v1/whatsapp/template': 'GetWhatsAppMessageTemplate',
  'GET /v1/whatsapp/waba/details': 'GetLinkedWhatsAppBusinessAccount',
  'PUT /v1/whatsapp/waba/eventdestinations': 'PutWhatsAppBusinessAccountEventDestinations',
  'GET /v1/whatsapp/template/list': 'ListWhatsAppMessageTemplates',
  'POST /v1/whatsapp/send': 'SendWhatsAppMessage',
};

const idIn = ({ query }: AwsCall): string => new URLSearchParams(query).get('id') ?? '';

const resourceOf = (call: AwsCall): string => {
  if (call.method === 'PUT') return PutBody.parse(jsonOf(call)).id;
  return call.method === 'POST' ? SendBody.parse(jsonOf(call)).originationPhoneNumberId : idIn(call);
};

/** The ARNs of the event destinations of each business account. */
export type EventDestinations = Map<string, readonly string[]>;

const showDestinations = (call: AwsCall, destinations: EventDestinations): AwsReply => {
  const eventDestinations = (destinations.get(idIn(call)) ?? []).map((eventDestinationArn) => ({
    eventDestinationArn,
  }));
  return { status: 200, headers: {}, body: JSON.stringify({ account: { id: idIn(call), eventDestinations } }) };
};

const setDestinations = (call: AwsCall, destinations: EventDestinations): AwsReply => {
  const { id, eventDestinations } = PutBody.parse(jsonOf(call));
  destinations.set(
    id,
    eventDestinations.map(({ eventDestinationArn }) => eventDestinationArn),
  );
  return { status: 200, headers: {}, body: '{}' };
};

/** AWS End User Messaging Social: the simulator of the local run and event destinations, behind the policies of the template. */
export const createSocialMessaging = (port: number, destinations: EventDestinations): AwsService => ({
  accesses: (call) => {
    const operation = OPERATIONS[`${call.method} ${call.path}`];
    if (operation === undefined) throw unknownOperation(call, `${call.method} ${call.path}`);
    return [{ action: `social-messaging:${operation}`, resource: toArn(resourceOf(call)) }];
  },
  deny: () => ({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: '{}' }),
  perform: async (call) => {
    const { method, path, query, headers, body } = call;
    if (path === '/v1/whatsapp/waba/details') return showDestinations(call, destinations);
    if (path === '/v1/whatsapp/waba/eventdestinations') return setDestinations(call, destinations);
    return forward(port, { method, path: query === '' ? path : `${path}?${query}`, headers, body });
  },
});
