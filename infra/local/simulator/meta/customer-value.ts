import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type Parsed, parseWith } from '../../../../functions/shared/http/request.ts';
import type { ShownMessage } from '../shown-message.ts';
import type { WebhookSource } from '../vendor.ts';
import { senderOf } from '../wa-id.ts';
import type { WriteRequest } from '../write-request.ts';
import { shown } from './shown.ts';

/** A number whose webhooks Meta makes, also where another provider passes them on. */
export type NumberSource = Pick<WebhookSource<'meta'>, 'channel' | 'now'>;

/** An element of Meta's lists; absent fields are filled in. */
const Message = z.looseObject({
  type: z.string().min(1).optional(),
  id: z.string().min(1).optional(),
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  timestamp: z.string().optional(),
});
type Message = z.infer<typeof Message>;

const TypedMessage = Message.extend({ type: z.string().min(1) });

/** The fields whose elements have no type. */
const UNTYPED: readonly WriteRequest['field'][] = ['calls', 'messaging_handovers'];

/** The value of a change, and the id of the message in it. */
interface CustomerValue {
  readonly messageId: string;
  readonly shown: ShownMessage;
  readonly field: string;
  readonly value: object;
}

type Sender = ReturnType<typeof senderOf>;

/** What every element has in common. */
interface Element {
  readonly customer: Sender;
  readonly id: string;
  readonly timestamp: string;
  readonly given: Message;
  /** The name of the customer's profile. */
  readonly profileName: string;
}

export const epochSeconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));

/** The business number, as Meta's webhooks name it. */
export const numberOf = ({ channel }: NumberSource) => ({
  display_phone_number: channel.displayPhoneNumber?.replace(/\D/g, ''),
  phone_number_id: channel.phoneNumberId,
});

const fromOf = ({ waId, userId }: Sender): Pick<Message, 'from' | 'from_user_id'> => ({
  from: waId,
  from_user_id: userId,
});

const contactOf = ({ from, from_user_id }: Message, name: string) => ({
  profile: { name },
  wa_id: from,
  user_id: from_user_id,
});

const fromCustomer = ({ customer, id, timestamp, given }: Element): Message => {
  const sender = given.from === undefined && given.from_user_id === undefined ? fromOf(customer) : {};
  return { ...sender, id, timestamp, ...given };
};

const toCustomer = ({ waId, userId }: Sender) => ({ to: waId, to_user_id: userId });

const ofCustomer = ({ waId, userId }: Sender) => ({ phone_number: waId, user_id: userId });

const messagesOf = (element: Element) => {
  const sent = fromCustomer(element);
  return { contacts: [contactOf(sent, element.profileName)], messages: [sent] };
};

/** A call, or with a `status` what became of a call of the business. */
const callsOf = (source: NumberSource, element: Element) => {
  const { customer, id, timestamp, given } = element;
  const recipient = { recipient_id: customer.waId, recipient_user_id: customer.userId };
  if (given['event'] === undefined) return { statuses: [{ id, type: 'call', timestamp, ...recipient, ...given }] };
  const call = { to: numberOf(source).display_phone_number, ...fromCustomer(element) };
  return { contacts: [contactOf(call, element.profileName)], calls: [call] };
};

const VALUES: Readonly<Record<NonNullable<WriteRequest['field']>, (source: NumberSource, element: Element) => object>> =
  {
    messages: (source, element) => ({ metadata: numberOf(source), ...messagesOf(element) }),
    standby: (source, element) => ({ metadata: numberOf(source), standby: messagesOf(element) }),
    calls: (source, element) => ({ metadata: numberOf(source), ...callsOf(source, element) }),
    smb_message_echoes: (source, { customer, id, timestamp, given }) => {
      const { display_phone_number: from } = numberOf(source);
      const echo = { from, ...toCustomer(customer), id, timestamp, ...given };
      return { metadata: numberOf(source), message_echoes: [echo] };
    },
    messaging_handovers: (source, { customer, timestamp, given }) => ({
      recipient: numberOf(source),
      sender: ofCustomer(customer),
      timestamp,
      ...given,
    }),
  };

const quoteOf = (source: NumberSource, replyTo: string | undefined) =>
  replyTo === undefined ? {} : { context: { from: numberOf(source).display_phone_number, id: replyTo } };

/** What a webhook says of a customer in one of its fields: by default that the customer writes. */
export const customerValue = (source: NumberSource, request: WriteRequest): Parsed<CustomerValue> => {
  const { text, message, replyTo, at, name = 'Local customer', field = 'messages' } = request;
  const customer = senderOf(request);
  const parsed = parseWith(z.object({ message: UNTYPED.includes(field) ? Message : TypedMessage }), {
    message: message ?? { type: 'text', text: { body: text } },
  });
  if (!parsed.ok) return parsed;
  const given = { ...quoteOf(source, replyTo), ...parsed.value.message };
  const id = given.id ?? request.id ?? `${field === 'calls' ? 'wacid' : 'wamid'}.${randomBytes(30).toString('base64')}`;
  const timestamp = epochSeconds(at === undefined ? source.now : new Date(at));
  const value = VALUES[field](source, { customer, id, timestamp, given, profileName: name });
  return { ok: true, value: { messageId: id, shown: shown(given), field, value } };
};
