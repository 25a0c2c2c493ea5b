import * as z from 'zod';
import type { Channel } from '../../domain/config.ts';
import type { InboundContent, InboundMessage } from '../../domain/inbound.ts';
import { opensSession } from '../../domain/opens-session.ts';
import type { WebhookItem } from '../provider.ts';
import { ignored, malformed, unreadable } from '../webhook-items.ts';
import { readContent } from './content.ts';
import { type ContactEntry, identifyCustomer } from './identities.ts';
import { interactiveKind } from './interactive.ts';
import { Call, Message, WireError } from './schema.ts';

/** The number that received the messages of a webhook, and the contacts of their senders. */
export interface Origin {
  readonly channel: Channel;
  readonly contacts: readonly ContactEntry[];
}

const UNTYPED = 'untyped';

const kindOf = (message: Message): string =>
  message.type === 'interactive' ? interactiveKind(message) : (message.type ?? UNTYPED);

const opensOn = (kind: string, channel: Channel) => opensSession('meta', kind, channel.opensSession);

const Referral = z.looseObject({});

/** The ad that led to the message, and beside it the product that the customer asks about. */
const referralOf = ({ referral, context }: Message): unknown => {
  const product = context?.referred_product;
  if (product === undefined) return referral;
  const ad = Referral.safeParse(referral).data ?? (referral === undefined ? {} : { referral });
  return { ...ad, referred_product: product };
};

const withErrors = (content: InboundContent, { errors = [] }: Message): InboundContent => {
  const faults = errors.flatMap((error) => {
    const { data } = WireError.safeParse(error);
    if (data === undefined) return [];
    return [{ code: String(data.code), title: data.title ?? data.message, details: data.error_data?.details }];
  });
  return faults.length === 0 ? content : { ...content, errors: faults };
};

const toMessage = (message: Message, raw: unknown, origin: Origin): InboundMessage | undefined => {
  const sender = identifyCustomer(message, origin.contacts);
  if (sender === undefined) return undefined;
  const kind = kindOf(message);
  const groupId = message.group_id ?? undefined;
  return {
    ...sender,
    channel: origin.channel.id,
    id: message.id,
    providerAtMs: message.timestamp * 1000,
    opens: opensOn(groupId === undefined ? kind : 'group', origin.channel),
    content: withErrors(readContent(message.type ?? UNTYPED, message) ?? { type: 'raw', kind, raw }, message),
    forwarded: message.context?.forwarded,
    frequentlyForwarded: message.context?.frequently_forwarded,
    replyTo: message.context?.id,
    groupId,
    referral: referralOf(message),
  };
};

const NO_SENDER = 'names no sender';

/** Reads one of `messages`. Id, sender and timestamp are required; its type alone decides whether it opens a session (R4). */
export const toMessageItem = (raw: unknown, origin: Origin): WebhookItem => {
  const parsed = Message.safeParse(raw);
  if (!parsed.success) return unreadable('message', parsed.error, { raw, channel: origin.channel.id });
  const message = toMessage(parsed.data, raw, origin);
  return message === undefined
    ? malformed(`message ${NO_SENDER}`, { raw, channel: origin.channel.id })
    : { kind: 'message', message };
};

/** Reads one of `calls`: a call by the customer counts as a message, answered or not (R4). */
export const toCallItem = (raw: unknown, { channel, contacts }: Origin): WebhookItem => {
  const parsed = Call.safeParse(raw);
  if (!parsed.success) return unreadable('call', parsed.error, { raw, channel: channel.id });
  const { id, timestamp, event, direction } = parsed.data;
  if (event !== 'connect' || direction !== 'USER_INITIATED') return ignored('other_event');
  const sender = identifyCustomer(parsed.data, contacts);
  if (sender === undefined) return malformed(`call ${NO_SENDER}`, { raw, channel: channel.id });
  const opens = opensOn(`call.${event}`, channel);
  const content = { type: 'call', event, direction } as const;
  return {
    kind: 'message',
    message: { ...sender, channel: channel.id, id, providerAtMs: timestamp * 1000, opens, content },
  };
};
