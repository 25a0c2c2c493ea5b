import { invalidRequest } from '../../../../functions/shared/http/request.ts';
import type { Choice } from '../shown-message.ts';
import type { Vendor } from '../vendor.ts';
import type { CustomerAction } from '../write-request.ts';

type Given<Name extends keyof CustomerAction> = NonNullable<CustomerAction[Name]>;

const refuse = (path: string, message: string) => invalidRequest([{ path, message }]);

const locationMessage = ({ latitude, longitude, name, address }: Given<'location'>) => ({
  location_message: { title: name ?? '', label: address ?? '', coordinates: { latitude, longitude } },
});

const reactionEvent = ({ messageId, emoji }: Given<'reaction'>) => ({
  contact_message_event: {
    reaction_event: {
      emoji,
      action: emoji === '' ? 'REACTION_ACTION_UNREACT' : 'REACTION_ACTION_REACT',
      message_id: messageId,
    },
  },
});

/** Where the business gave no data, Sinch returns the message and the label. */
const choiceMessage = ({ messageId }: Given<'tap'>, { id, title, kind }: Choice) => ({
  choice_response_message: {
    message_id: messageId,
    postback_data: kind === 'quick_reply' && id === title ? `${messageId}_${title}` : id,
  },
});

const flowMessage = ({ response }: Given<'flow'>, { id }: Choice) => ({
  channel_specific_message: {
    message_type: 'nfm_reply',
    message: {
      type: 'nfm_reply',
      nfm_reply: { name: 'flow', body: 'Sent', response_json: JSON.stringify({ flow_token: id, ...response }) },
    },
  },
});

const make = ({ location, reaction, tap, flow }: CustomerAction, tapped: Choice | undefined): object => {
  if (location !== undefined) return locationMessage(location);
  if (reaction !== undefined) return reactionEvent(reaction);
  if (tapped !== undefined && flow !== undefined) return flowMessage(flow, tapped);
  return tapped !== undefined && tap !== undefined ? choiceMessage(tap, tapped) : {};
};

/** What a customer does on the phone, as Sinch's message or event. */
export const actionMessage: Vendor<'sinch'>['actionMessage'] = (action, tapped) => {
  if (action.call !== undefined) return refuse('call', 'Sinch reports no calls of customers');
  if (action.contact !== undefined) return refuse('contact', 'Sinch passes no contact cards of customers on');
  return { ok: true, value: { message: { ...make(action, tapped) } } };
};
