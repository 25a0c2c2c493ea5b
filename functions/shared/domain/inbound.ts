import * as z from 'zod';
import type { CustomerKey, Identities } from './customer.ts';
import type { EntryPoint } from './entry-point.ts';
import type { NameLink } from './names.ts';

const text = z.string();
const media = {
  mediaId: text.optional(),
  url: text.optional(),
  mimeType: text.optional(),
  sha256: text.optional(),
  caption: text.optional(),
  filename: text.optional(),
  thumbnailUrl: text.optional(),
  voice: z.boolean().optional(),
  animated: z.boolean().optional(),
};

/** A contact card, in the same shape in which the API sends one. */
const ContactCard = z.looseObject({
  name: z.looseObject({ formatted: text.optional(), first: text.optional(), last: text.optional() }).optional(),
  phones: z.array(z.looseObject({ phone: text.optional(), type: text.optional(), waId: text.optional() })).optional(),
  /** Where the card came from, as the provider names it, e.g. `contact_request`. */
  origin: z.unknown().optional(),
});

/** An error that the provider reports with a customer's message. */
const ProviderFault = z.object({ code: text, title: text.optional(), details: text.optional() });

/** One product of an order, beside the provider's own fields. */
const OrderItem = z.looseObject({
  productId: text.optional(),
  quantity: z.number().optional(),
  price: z.number().optional(),
  currency: z.unknown().optional(),
});

const Content = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text }),
  z.object({ type: z.literal('image'), ...media }),
  z.object({ type: z.literal('audio'), ...media }),
  z.object({ type: z.literal('video'), ...media }),
  z.object({ type: z.literal('document'), ...media }),
  z.object({ type: z.literal('sticker'), ...media }),
  z.object({ type: z.literal('media'), ...media }),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    name: text.optional(),
    address: text.optional(),
    url: text.optional(),
  }),
  z.object({ type: z.literal('contacts'), contacts: z.array(ContactCard) }),
  z.object({ type: z.literal('button_reply'), id: text, title: text }),
  z.object({ type: z.literal('list_reply'), id: text, title: text, description: text.optional() }),
  z.object({
    type: z.literal('address_reply'),
    body: text.optional(),
    /** WhatsApp's fields of the address, e.g. `in_pin_code`. */
    values: z.record(text, text).optional(),
    /** The id of the saved address that the customer chose. */
    savedAddressId: text.optional(),
  }),
  z.object({ type: z.literal('flow_reply'), name: text.optional(), body: text.optional(), response: z.unknown() }),
  z.object({
    type: z.literal('call_permission_reply'),
    response: text,
    source: text.optional(),
    permanent: z.boolean().optional(),
    /** ISO 8601, UTC. */
    expiresAt: text.optional(),
  }),
  z.object({ type: z.literal('button'), text: text.optional(), payload: text.optional() }),
  z.object({ type: z.literal('choice'), messageId: text.optional(), title: text.optional(), payload: text }),
  z.object({
    type: z.literal('order'),
    catalogId: text.optional(),
    text: text.optional(),
    items: z.array(OrderItem),
  }),
  z.object({ type: z.literal('reaction'), messageId: text, emoji: text.nullable(), category: text.optional() }),
  z.object({ type: z.literal('edit'), messageId: text, message: z.unknown() }),
  z.object({ type: z.literal('revoke'), messageId: text }),
  z.object({ type: z.literal('system'), event: text, body: text.optional(), details: z.unknown() }),
  z.object({
    type: z.literal('call'),
    /** `connect`: the customer calls; `accepted`: the customer takes a call of the business; `terminate`: the call has ended. */
    event: text,
    callId: text.optional(),
    direction: text.optional(),
    status: text.optional(),
    durationSeconds: z.number().optional(),
    /** ISO 8601, UTC. */
    startedAt: text.optional(),
    /** ISO 8601, UTC. */
    endedAt: text.optional(),
  }),
  /** Meta passed the conversation to another of those who answer it; `details` is as Meta wrote it. */
  z.object({ type: z.literal('handover'), event: text.optional(), details: z.unknown() }),
  z.object({
    type: z.literal('unsupported'),
    kind: text.optional(),
    /** A code or a sentence of the provider. */
    reason: text.optional(),
    description: text.optional(),
    subCode: text.optional(),
    raw: z.unknown().optional(),
  }),
  z.object({ type: z.literal('raw'), kind: text, raw: z.unknown() }),
]);

/** The content of a customer's message, in one shape for all providers, with the errors that the provider reports with it. */
export const InboundContent = z.intersection(Content, z.object({ errors: z.array(ProviderFault).optional() }));
export type InboundContent = z.infer<typeof InboundContent>;

/** Who writes from the number of a channel beside the callers of this service. */
export const ECHO_AUTHORS = ['phone_app', 'meta_agent'] as const;
export type EchoAuthor = (typeof ECHO_AUTHORS)[number];

/** Who answers a conversation at Meta: its Business Agent, or an app of the business. */
export type ThreadOwner = 'meta_agent' | 'app';

/** One message of a customer, in one shape for all providers. */
export interface InboundMessage {
  readonly channel: string;
  readonly identities: Identities;
  /** The provider's id (Meta wamid, Sinch message id), the same when the webhook is delivered again. */
  readonly id: string;
  /** The provider's time of the message in epoch milliseconds, unchanged. */
  readonly providerAtMs: number;
  /** Whether a message of this kind opens or restarts the session on this channel (R4). */
  readonly opens: boolean;
  readonly content: InboundContent;
  /** The customer forwarded it; `frequentlyForwarded`: it was forwarded many times before. */
  readonly forwarded?: boolean | undefined;
  readonly frequentlyForwarded?: boolean | undefined;
  readonly replyTo?: string | undefined;
  readonly profileName?: string | undefined;
  /** The customer's WhatsApp username, as the provider writes it. */
  readonly username?: string | undefined;
  readonly groupId?: string | undefined;
  /** The change of the customer's names that the message reports. */
  readonly link?: Omit<NameLink, 'channel'> | undefined;
  /** The ad or post that led to the message (click-to-WhatsApp) and the product that it asks about, in the provider's shape. */
  readonly referral?: unknown;
  /** The ad or post that led to the message: price information, never permission. */
  readonly entryPoint?: Pick<EntryPoint, 'source' | 'id'> | undefined;
  /** The customer's own number, which the customer shared on request: another name of the same person. */
  readonly sharedPhone?: CustomerKey | undefined;
  /** Present where the webhook shows who answers the conversation. */
  readonly threadOwner?: ThreadOwner | undefined;
}

/** A message that another sender wrote to a customer from the same number: a colleague in the WhatsApp Business app, or Meta's Business Agent. */
export interface EchoMessage {
  readonly channel: string;
  readonly identities: Identities;
  /** The provider's id, the same when the webhook is delivered again. */
  readonly id: string;
  /** The provider's time of the message in epoch milliseconds, unchanged. */
  readonly providerAtMs: number;
  readonly author: EchoAuthor;
  readonly content: InboundContent;
  readonly replyTo?: string | undefined;
}
