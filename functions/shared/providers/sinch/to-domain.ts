import type { Channel } from '../../domain/config.ts';
import { customerOf } from '../../domain/customer.ts';
import { opensSession } from '../../domain/opens-session.ts';
import type { IgnoredReason, WebhookItem } from '../provider.ts';
import { ignored, malformed } from '../webhook-items.ts';
import { type ReadContent, readContent, readReaction, readReplyTo } from './content.ts';
import { parseIdentity } from './identities.ts';
import { ContactEvent, type Envelope, firstTime, Message, SinchId } from './schema.ts';

/** Why an item is no message of a WhatsApp customer, if it is none (R4). */
const reasonToIgnore = ({
  channel_identity,
  direction,
  injected,
}: Message | ContactEvent): IgnoredReason | undefined => {
  if (channel_identity.channel !== 'WHATSAPP') return 'other_channel';
  if (direction !== 'TO_APP') return 'not_from_customer';
  return injected === true ? 'injected' : undefined;
};

interface Inbound extends ReadContent {
  readonly from: Message | ContactEvent;
  readonly replyTo?: string | undefined;
}

const toInboundItem = (
  { from, kind, content, replyTo }: Inbound,
  envelope: Envelope,
  channel: Channel,
): WebhookItem => {
  const kept = { raw: envelope, channel: channel.id };
  const id = SinchId.safeParse(from.id).data;
  if (id === undefined) return malformed('no message id', kept);
  const identities = parseIdentity(from.channel_identity.identity);
  if (identities === undefined) return malformed('no sender', kept);
  const providerAtMs = firstTime([envelope.event_time, from.accept_time, envelope.accepted_time]);
  if (providerAtMs === undefined) return malformed('no time', { ...kept, customer: customerOf(identities) });
  const opens = opensSession('sinch', kind, channel.opensSession);
  return { kind: 'message', message: { channel: channel.id, identities, id, providerAtMs, opens, content, replyTo } };
};

/** Reads MESSAGE_INBOUND. */
export const toMessageItem = (envelope: Envelope, channel: Channel): WebhookItem => {
  const { data: from } = Message.safeParse(envelope.message);
  if (from === undefined) return malformed('no channel', { raw: envelope, channel: channel.id });
  const reason = reasonToIgnore(from);
  if (reason !== undefined) return ignored(reason);
  const replyTo = readReplyTo(from.contact_message);
  return toInboundItem({ from, ...readContent(from.contact_message), replyTo }, envelope, channel);
};

/** Reads EVENT_INBOUND: a reaction is a message of the customer; typing indicators and other events are not. */
export const toEventItem = (envelope: Envelope, channel: Channel): WebhookItem => {
  const { data: from } = ContactEvent.safeParse(envelope.event);
  if (from === undefined) return ignored('other_event');
  const reason = reasonToIgnore(from);
  if (reason !== undefined) return ignored(reason);
  const reaction = from.contact_message_event?.reaction_event;
  if (reaction === undefined || reaction === null) return ignored('other_event');
  return toInboundItem({ from, ...readReaction(reaction) }, envelope, channel);
};
