import type { Channel } from '../domain/config.ts';
import type { ConsentChange } from '../domain/consent.ts';
import type { MessageContent } from '../domain/content.ts';
import type { CustomerKey, Identities } from '../domain/customer.ts';
import type { InboundMessage } from '../domain/inbound.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { NextAction } from '../domain/send-decision.ts';
import type { ReportedStatus } from '../domain/status.ts';
import type { RegisteredTemplate, Template } from '../domain/template.ts';
import type { TemplateChange } from '../domain/template-entry.ts';
import type { Headers } from '../network/http-call.ts';

/**
 * What a provider's error means for the sender; the raw code is kept beside it. `retry_now`: it failed for the moment;
 * `retry_later`: it asks to slow down; `alert`: a person of the business must act before anything can be sent.
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
  /** The provider's own code, e.g. `131047` or `OUTSIDE_ALLOWED_SENDING_WINDOW`; `http_503` or a network code where it gave none. */
  readonly code: string;
  readonly title: string;
  readonly class: ErrorClass;
}

/** Whether the provider has not taken the message and would take it later. */
export const isRetryable = (error: ProviderError): boolean =>
  error.class === 'retry_now' || error.class === 'retry_later';

/** What the caller of a rejected send can do next, by class of the provider's error. */
export const NEXT_ACTION: Readonly<Record<ErrorClass, NextAction>> = {
  window_closed: 'send_template',
  opted_out: 'none',
  retry_now: 'retry_later',
  retry_later: 'retry_later',
  fix_request: 'fix_request',
  fix_template: 'fix_template',
  never: 'none',
  alert: 'none',
};

/** A provider's report on a message that the business sent. */
export interface StatusReport {
  readonly channel: string;
  readonly status: ReportedStatus;
  readonly providerMessageId: string;
  /** What we gave the message to carry ({@link OutboundMessage.reference}); absent on messages that others sent. */
  readonly reference?: string | undefined;
  readonly atMs: number;
  readonly error?: ProviderError | undefined;
  /** Said with some statuses of a message, and with none by Sinch. */
  readonly pricing?: Pricing | undefined;
}

/** A customer's consent as the provider tells of it. */
export interface ConsentReport {
  readonly channel: string;
  readonly identities: Identities;
  readonly change: ConsentChange;
}

/** What a webhook says of a template; absent facts stay as they are. */
export interface TemplateUpdate {
  readonly name: string;
  readonly language: string;
  /** Absent where the webhook has no time: then it counts as of its arrival. */
  readonly changedAtMs?: number | undefined;
  readonly change: TemplateChange;
}

/** Why a verified item of a webhook is acknowledged without effect. */
export type IgnoredReason =
  | 'foreign_number'
  | 'other_channel'
  | 'injected'
  | 'not_from_customer'
  | 'other_event'
  | 'account_error';

/** One update of a webhook; a batch is a list of them, and none of them spoils another (R15). */
export type WebhookItem =
  | { readonly kind: 'message'; readonly message: InboundMessage }
  | { readonly kind: 'status'; readonly report: StatusReport }
  | { readonly kind: 'consent'; readonly report: ConsentReport }
  | { readonly kind: 'template'; readonly update: TemplateUpdate }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason }
  /** It contradicts itself: kept out, counted, and never read as permission (R9). */
  | { readonly kind: 'quarantined'; readonly reason: string }
  | { readonly kind: 'malformed'; readonly reason: string };

export type Verification =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'missing' | 'mismatch' | 'stale' };

/** The webhook side of one account. */
export interface WebhookReader {
  /** Answers the provider's subscription check with the challenge to echo; `undefined` when it is refused. */
  readonly answerChallenge: (query: Headers) => Promise<string | undefined>;
  /** Verifies the signature over the exact bytes, against every live secret, in constant time (R15). */
  readonly verify: (body: Uint8Array, headers: Headers, now: Date) => Promise<Verification>;
  /** Reads a verified body; never throws: what cannot be read becomes a `malformed` item. */
  readonly parse: (body: Uint8Array) => readonly WebhookItem[];
}

/** A message ready for the provider. */
export interface OutboundMessage {
  readonly channel: Channel;
  readonly to: CustomerKey;
  /** A template stands with the language that was chosen for it. */
  readonly content: MessageContent;
  /** The registry's entry of a template message. */
  readonly template?: RegisteredTemplate | undefined;
  /** Travels with the message and comes back in its statuses (R12). */
  readonly reference: string;
  /** The provider's id of the message that is answered or reacted to. */
  readonly replyTo?: string | undefined;
  /** Whole seconds until the window ends; caps the time-to-live of a session message where the provider has one (R7). */
  readonly expiresInSeconds: number;
}

export type SendOutcome =
  | { readonly kind: 'sent'; readonly providerMessageId: string }
  /** The provider refused it: it will not reach the customer. */
  | { readonly kind: 'rejected'; readonly error: ProviderError }
  /** Certainly nothing reached the provider, or it asked to come back: it may be tried again. */
  | { readonly kind: 'unavailable'; readonly error: ProviderError; readonly retryAfterSeconds?: number | undefined }
  /** It may have reached the customer (R12). */
  | { readonly kind: 'in_doubt'; readonly error: ProviderError };

export interface Unsupported {
  /** Dotted path into the request, e.g. `content.mediaId`. */
  readonly path: string;
  readonly message: string;
}

/** The sending side of one account. */
export interface MessageSender {
  /** What this provider cannot carry, found before anything is written or sent. */
  readonly unsupported: (content: MessageContent) => Unsupported | undefined;
  /** Sends once; never throws for what the provider or the network does. */
  readonly send: (message: OutboundMessage) => Promise<SendOutcome>;
}

export type TemplateList =
  | { readonly kind: 'listed'; readonly templates: readonly Template[] }
  | { readonly kind: 'failed'; readonly error: ProviderError };

/** The template side of one account. */
export interface TemplateSource {
  /** Reads every template of the account, all pages; never throws for what the provider or the network does. */
  readonly list: () => Promise<TemplateList>;
}
