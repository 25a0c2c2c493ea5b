import * as z from 'zod';
import type { Channel } from '../../domain/config.ts';
import type { CustomerKey } from '../../domain/customer.ts';
import type { InboundContent, InboundMessage, ThreadOwner } from '../../domain/inbound.ts';
import { opensSession } from '../../domain/opens-session.ts';
import type { WebhookItem } from '../provider.ts';
import { malformed, unreadable } from '../webhook-items.ts';
import { sharedPhoneOf } from './contact-card.ts';
import { readContent } from './content.ts';
import { type ContactEntry, identifyCustomer } from './identities.ts';
import { interactiveKind } from './interactive.ts';
import { nameChangeOf } from './links.ts';
import { Message, WireError } from './schema.ts';

/** The number that received the messages of a webhook, and the contacts of their senders. */
export interface Origin {
  readonly channel: Channel;
  /** The number itself, where the webhook has it. */
  readonly number: CustomerKey | undefined;
  readonly contacts: readonly ContactEntry[];
  /** Who answers the conversation at Meta, where the webhook shows it. */
  readonly threadOwner?: ThreadOwner | undefined;
}

const UNTYPED = 'untyped';

const kindOf = (message: Message): string =>
  message.type === 'interactive' ? interactiveKind(message) : (message.type ?? UNTYPED);

export const opensOn = (kind: string, channel: Channel) => opensSession('meta', kind, channel.opensSession);

const Referral = z.looseObject({});

/** The ad that led to the message, and beside it the product that the customer asks about. */
const referralOf = ({ referral, context }: Message): unknown => {
  const product = context?.referred_product;
  if (product === undefined) return referral;
  const ad = Referral.safeParse(referral).data ?? (referral === undefined ? {} : { referral });
  return { ...ad, referred_product: product };
};

/** The content with the errors that Meta reports with it. */
export const withErrors = <T extends InboundContent>(content: T, errors: readonly unknown[] = []): T => {
  const faults = errors.flatMap((error) => {
    const { data } = WireError.safeParse(error);
    if (data === undefined) return [];
    return [{ code: String(data.code), title: data.title ?? data.message, details: data.error_data?.details }];
  });
  return faults.length === 0 ? content : { ...content, errors: faults };
};

const Ad = z.object({
  source_type: z.string().min(1).max(64),
  source_id: z.string().max(128).optional().catch(undefined),
});

/** The ad or post of a click-to-WhatsApp link, where the message came through one. */
const entryPointOf = ({ referral }: Message): InboundMessage['entryPoint'] => {
  const { data: ad } = Ad.safeParse(referral);
  return ad === undefined ? undefined : { source: ad.source_type, id: ad.source_id };
};

/** What a message says of its sender's conversation with the business; one in a group says nothing of it. */
const personalFacts = (message: Message, content: InboundContent, { threadOwner }: Origin) => ({
  entryPoint: entryPointOf(message),
  sharedPhone: sharedPhoneOf(content),
  link: nameChangeOf(message),
  threadOwner,
});

const toMessage = (message: Message, raw: unknown, origin: Origin): InboundMessage | undefined => {
  const sender = identifyCustomer(message, origin.contacts);
  if (sender === undefined) return undefined;
  const kind = kindOf(message);
  const content = readContent(message.type ?? UNTYPED, message) ?? { type: 'raw', kind, raw };
  const groupId = message.group_id ?? undefined;
  return {
    ...sender,
    channel: origin.channel.id,
    id: message.id,
    providerAtMs: message.timestamp * 1000,
    opens: opensOn(groupId === undefined ? kind : 'group', origin.channel),
    content: withErrors(content, message.errors),
    forwarded: message.context?.forwarded,
    frequentlyForwarded: message.context?.frequently_forwarded,
    replyTo: message.context?.id,
    groupId,
    referral: referralOf(message),
    ...(groupId === undefined ? personalFacts(message, content, origin) : {}),
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
