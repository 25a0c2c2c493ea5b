import type { Account, Channel } from '../domain/config.ts';
import type { ConsentChange } from '../domain/consent.ts';
import type { MessageContent } from '../domain/content.ts';
import type { CustomerKey, Identities } from '../domain/customer.ts';
import type { EchoMessage, InboundMessage } from '../domain/inbound.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { NextAction } from '../domain/send-decision.ts';
import type { ReportedStatus } from '../domain/status.ts';
import type { RegisteredTemplate, Template } from '../domain/template.ts';
import type { TemplateChange } from '../domain/template-entry.ts';
import type { Headers } from '../network/http-call.ts';

/**
 * What a provider's error means for a send. `retry_now`: a temporary failure; `retry_later`: a rate limit; `never`: this
 * message cannot be delivered; `alert`: an operator must act at the provider before anything can be sent.
 */
export type ErrorClass =
  | 'window_closed'
  | 'opted_out'
  | 'retry_now'
  | 'retry_later'
  | 'fix_request'
  | 'fix_template'
  | 'never'
  | 'alert';

export interface ProviderError {
  /** The provider's code, e.g. `131047` or `OUTSIDE_ALLOWED_SENDING_WINDOW`; without one `http_503` or a network error code. */
  readonly code: string;
  readonly title: string;
  readonly class: ErrorClass;
}

/** Whether the provider did not accept the message, but may accept it later. */
export const isRetryable = (error: ProviderError): boolean =>
  error.class === 'retry_now' || error.class === 'retry_later';

/** What the caller can do after a rejected send, by class of the provider's error. */
export const NEXT_ACTION: Readonly<Record<ErrorClass, NextAction>> = {
  window_closed: 'send_template',
  opted_out: 'none',
  retry_now: 'retry_later',
  retry_later: 'retry_later',
  fix_request: 'fix_request',
  fix_template: 'fix_template',
  never: 'none',
  alert: 'fix_account',
};

/** A provider's status of a message that the business sent. */
export interface StatusReport {
  readonly channel: string;
  readonly status: ReportedStatus;
  readonly providerMessageId: string;
  /** The message's {@link OutboundMessage.reference}; absent for a message that another sender sent. */
  readonly reference?: string | undefined;
  /** To whom it went, as the provider names them. */
  readonly recipient?: Identities | undefined;
  /** The id with which the provider answered the send, where its statuses have another one. */
  readonly answeredId?: string | undefined;
  readonly atMs: number;
  readonly error?: ProviderError | undefined;
  /** Present in some statuses of Meta, in none of Sinch. */
  readonly pricing?: Pricing | undefined;
}

/** A change of a customer's consent that the provider reports. */
export interface ConsentReport {
  readonly channel: string;
  readonly identities: Identities;
  readonly change: ConsentChange;
}

/** A change of a template that a webhook reports. */
export interface TemplateUpdate {
  readonly name: string;
  readonly language: string;
  /** Absent where the webhook has no time: its arrival counts instead. */
  readonly changedAtMs?: number | undefined;
  readonly change: TemplateChange;
}

/** Why an item of a verified webhook is acknowledged without effect. */
export type IgnoredReason = 'foreign_number' | 'other_channel' | 'injected' | 'not_from_customer' | 'other_event';

/** An item of a customer that cannot be placed: it is kept as the provider wrote it, for an operator (R4). */
export interface KeptItem {
  readonly raw: unknown;
  /** @default - the item does not name a channel */
  readonly channel?: string | undefined;
  /** Whom an erasure finds it by. @default - the item names no customer that can be read */
  readonly customer?: CustomerKey | undefined;
}

/** One item of a webhook. A batch has many, and one that cannot be read does not affect the others (R15). */
export type WebhookItem =
  | { readonly kind: 'message'; readonly message: InboundMessage }
  | { readonly kind: 'echo'; readonly message: EchoMessage }
  | { readonly kind: 'status'; readonly report: StatusReport }
  | { readonly kind: 'consent'; readonly report: ConsentReport }
  | { readonly kind: 'template'; readonly update: TemplateUpdate }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason }
  /** An error of the account or number, outside any message. */
  | { readonly kind: 'account_error'; readonly error: ProviderError }
  /** It contradicts itself: it is kept, and never read as an opt-in (R9). */
  | { readonly kind: 'quarantined'; readonly reason: string; readonly kept: KeptItem }
  /** It cannot be read; `kept` where a customer may have written it. */
  | { readonly kind: 'malformed'; readonly reason: string; readonly kept?: KeptItem | undefined };

export type Verification =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'missing' | 'mismatch' | 'stale' };

/** Reads the webhooks of one account. */
export interface WebhookReader {
  /** Returns the challenge with which to answer the provider's subscription check; `undefined` refuses it. */
  readonly answerChallenge: (query: Headers) => Promise<string | undefined>;
  /** Verifies the signature over the exact bytes, against every live secret, in constant time (R15). */
  readonly verify: (body: Uint8Array, headers: Headers, now: Date) => Promise<Verification>;
  /** Reads a verified body; never throws: an item that cannot be read is `malformed`. */
  readonly parse: (body: Uint8Array) => readonly WebhookItem[];
}

/** Reads the events of AWS End User Messaging Social, for all its accounts. */
export interface EventReader {
  /** Reads the body of a queue message; never throws. */
  readonly parse: (body: string) => EventRead;
}

export type EventRead =
  | { readonly kind: 'read'; readonly account: Account; readonly items: readonly WebhookItem[] }
  /** An event of a WhatsApp business account that is not configured. */
  | { readonly kind: 'foreign' }
  /** Not an event of this provider. */
  | { readonly kind: 'unreadable' };

/** A message to send. */
export interface OutboundMessage {
  readonly channel: Channel;
  readonly to: CustomerKey;
  /** A template has the language that was chosen for it. */
  readonly content: MessageContent;
  /** The registry's entry of a template message. */
  readonly template?: RegisteredTemplate | undefined;
  /** Sent with the message and returned in its statuses (R12). */
  readonly reference: string;
  /** The provider's id of the message that this one quotes or reacts to. */
  readonly replyTo?: string | undefined;
  /** Epoch milliseconds at which the window of a session message ends: nothing is sent from then on (R7). */
  readonly endsAtMs?: number | undefined;
}

/** The outcome of one call to the provider. */
export type SendOutcome =
  | { readonly kind: 'sent'; readonly providerMessageId: string; readonly recipient?: Identities | undefined }
  /** The provider took the message and keeps it back: it will report `sent`, or `failed` when it drops it (R13). */
  | { readonly kind: 'held'; readonly providerMessageId: string; readonly recipient?: Identities | undefined }
  /** The provider refused the message: it will not reach the customer. */
  | { readonly kind: 'rejected'; readonly error: ProviderError }
  /** Nothing was sent, or the provider refused for now: the send may be retried. */
  | { readonly kind: 'unavailable'; readonly error: ProviderError; readonly retryAfterSeconds?: number | undefined }
  /** The message may have reached the customer: it must not be sent again (R12). */
  | { readonly kind: 'in_doubt'; readonly error: ProviderError }
  /** The window ended before the call, or too soon for the provider's shortest time-to-live: nothing was sent (R7). */
  | { readonly kind: 'too_late' };

/** A field of the content that the provider's API does not support. */
export interface Unsupported {
  /** Dotted path into the request, e.g. `content.mediaId`. */
  readonly path: string;
  /** What is unsupported, and what to send instead. */
  readonly message: string;
}

/** A customer's message that the business has read. */
export interface ReadReceipt {
  readonly channel: Channel;
  readonly customer: CustomerKey;
  /** The provider's id of the message. */
  readonly messageId: string;
  /** Whether the customer is shown that an answer is being written. */
  readonly typing: boolean;
}

/** The outcome of a call that may be repeated, so that an unknown one counts as `unavailable`. */
export type RepeatableOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'unsupported'; readonly unsupported: Unsupported }
  | Extract<SendOutcome, { readonly kind: 'rejected' | 'unavailable' }>;

/** Who answers a conversation from now on: this app, or the automatic responder of the provider. */
export interface ThreadChange {
  readonly channel: Channel;
  readonly customer: CustomerKey;
  readonly action: 'take' | 'release';
}

/** Sends the messages of one account. */
export interface MessageSender {
  /** Returns the first field that the provider does not support; called before anything is stored or sent. */
  readonly unsupported: (content: MessageContent) => Unsupported | undefined;
  /** Calls the provider once; never throws for a failure of the provider or the network. */
  readonly send: (message: OutboundMessage) => Promise<SendOutcome>;
  /** Marks a customer's message as read, with one call; never throws for a failure of the provider or the network. */
  readonly markRead: (receipt: ReadReceipt) => Promise<RepeatableOutcome>;
  /** Takes a conversation from another sender of the number, or hands it back; absent where the account does not use it. */
  readonly controlThread?: ((change: ThreadChange) => Promise<RepeatableOutcome>) | undefined;
}

export type TemplateList =
  | { readonly kind: 'listed'; readonly templates: readonly Template[] }
  | { readonly kind: 'failed'; readonly error: ProviderError };

/** Lists the templates of one account. */
export interface TemplateSource {
  /** Reads all pages; never throws for a failure of the provider or the network. */
  readonly list: () => Promise<TemplateList>;
}

/** A customer's file as the message names it. */
export interface MediaReference {
  readonly mediaId?: string | undefined;
  readonly url?: string | undefined;
  readonly sha256?: string | undefined;
}

/** A file at the provider, open to be read once. */
export interface OpenedMedia {
  readonly kind: 'opened';
  readonly body: AsyncIterable<Uint8Array>;
  readonly mimeType?: string | undefined;
  readonly size?: number | undefined;
  /** What the file's SHA-256 must be, in hex or base64. */
  readonly sha256: readonly string[];
}

export type MediaOutcome =
  | OpenedMedia
  /** The provider has it no longer. */
  | { readonly kind: 'gone' }
  /** It is at a host from which no file is fetched: nothing was called. */
  | { readonly kind: 'refused'; readonly host: string }
  /** The provider did not give it now. */
  | { readonly kind: 'unavailable'; readonly code: string };

/** A place for one file, for a provider that writes files and gives none out. */
export interface DropPlace {
  /** A link by which the file is written there, valid for some minutes. */
  readonly link: () => Promise<string>;
  /** Reads what was written. */
  readonly open: () => Promise<AsyncIterable<Uint8Array>>;
}

/** Opens the customers' files of one account. */
export interface MediaSource {
  /** Opens a file; never throws for a failure of the provider or the network. */
  readonly open: (file: MediaReference, channel: Channel, drop: DropPlace) => Promise<MediaOutcome>;
}

export type UploadOutcome =
  | { readonly kind: 'uploaded'; readonly mediaId: string }
  | Extract<SendOutcome, { readonly kind: 'rejected' | 'unavailable' }>;

/** A file of the business, which its provider reads or is sent. */
export interface UploadedFile {
  readonly mimeType: string;
  /** Its bytes, until the upload has ended. */
  readonly open: () => Promise<File>;
  /** A link that reads it for some minutes. */
  readonly link: () => Promise<string>;
}

/** Uploads files to a provider that takes them, before a message names them by the provider's id. */
export interface MediaUploader {
  /** Uploads a file; it reaches no customer. Never throws for a failure of the provider or the network. */
  readonly upload: (file: UploadedFile, channel: Channel) => Promise<UploadOutcome>;
}
