import type { Choice } from '../shown-message.ts';
import type { ActionMessage, Vendor } from '../vendor.ts';
import { waIdOf } from '../wa-id.ts';
import type { CustomerAction } from '../write-request.ts';

type Given<Name extends keyof CustomerAction> = NonNullable<CustomerAction[Name]>;

const interactive = (type: string, reply: object) => ({ type: 'interactive', interactive: { type, [type]: reply } });

const contacts = ({ name, phone, own }: Given<'contact'>) => ({
  type: 'contacts',
  contacts: [
    {
      name: { formatted_name: name, first_name: name },
      phones: [{ phone, wa_id: waIdOf(phone), type: 'CELL' }],
      origin: own === true ? 'contact_request' : undefined,
    },
  ],
});

const reactionTo = ({ messageId, emoji }: Given<'reaction'>) => ({
  type: 'reaction',
  reaction: { message_id: messageId, emoji: emoji === '' ? undefined : emoji },
});

const tapOf = ({ kind, id, title, description }: Choice) => {
  if (kind === 'quick_reply') return { type: 'button', button: { text: title, payload: id } };
  return kind === 'row'
    ? interactive('list_reply', { id, title, description })
    : interactive('button_reply', { id, title });
};

const flowAnswer = ({ response }: Given<'flow'>, { id }: Choice) =>
  interactive('nfm_reply', {
    name: 'flow',
    body: 'Sent',
    response_json: JSON.stringify({ flow_token: id, ...response }),
  });

const callOf = ({ event, seconds = 0 }: Given<'call'>) => ({
  event,
  direction: 'USER_INITIATED',
  ...(event === 'terminate' ? { status: 'COMPLETED', duration: seconds } : {}),
});

const make = (
  { location, contact, reaction, flow, call }: CustomerAction,
  tapped: Choice | undefined,
): ActionMessage => {
  if (call !== undefined) return { field: 'calls', message: callOf(call) };
  if (location !== undefined) return { message: { type: 'location', location } };
  if (contact !== undefined) return { message: contacts(contact) };
  if (reaction !== undefined) return { message: reactionTo(reaction) };
  if (tapped === undefined) return { message: {} };
  return { message: flow === undefined ? tapOf(tapped) : flowAnswer(flow, tapped) };
};

/** What a customer does on the phone, as Meta's message object. */
export const actionMessage: Vendor<'meta'>['actionMessage'] = (action, tapped) => ({
  ok: true,
  value: make(action, tapped),
});
