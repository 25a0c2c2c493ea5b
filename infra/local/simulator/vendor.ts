import type { Channel, LocalConfig } from '../../../functions/shared/domain/config.ts';
import type { HttpHandler } from '../../../functions/shared/http/handler.ts';
import type { Parsed } from '../../../functions/shared/http/request.ts';
import type { FrontRoute } from '../route-match.ts';
import type { AcceptedMessage } from './accepted-messages.ts';
import type { FaultQueue } from './fault-queue.ts';
import type { ShelfFile } from './file-shelf.ts';
import type { ProviderRecord } from './provider-record.ts';
import type { Choice } from './shown-message.ts';
import type { InboundWebhook, SignedWebhook, StatusReport } from './webhook.ts';
import type { CustomerMessage } from './whatsapp.ts';
import type { CustomerAction, CustomerFile, WriteRequest } from './write-request.ts';

type LocalAccount = LocalConfig['accounts'][number];
export type ProviderName = LocalAccount['provider'];
export type AccountOf<P extends ProviderName> = Extract<LocalAccount, { provider: P }>;

export interface VendorApiDeps extends Omit<ProviderRecord, 'save' | 'load'> {
  readonly config: LocalConfig;
  readonly faults: FaultQueue;
  readonly now: () => Date;
  /** Reports a failure by webhook after the send was answered. */
  readonly reportLater: (message: AcceptedMessage, report: StatusReport) => void;
}

export interface VendorApi {
  readonly routes: readonly FrontRoute[];
  /** Answers every other call. */
  readonly fallback: HttpHandler;
}

/** Whose webhook is made, and when it is posted. */
export interface WebhookSource<P extends ProviderName> {
  readonly account: AccountOf<P>;
  readonly channel: Channel;
  readonly now: Date;
}

/** A vendor's message object, and the field of Meta's webhook in which it comes. */
export type ActionMessage = Required<Pick<WriteRequest, 'message'>> & Pick<WriteRequest, 'field'>;

/** Who signs a webhook, and when. */
export type Signer<P extends ProviderName> = Pick<WebhookSource<P>, 'account' | 'now'>;

/** One simulated provider; each vendor folder exports one from its `vendor.ts`. */
export interface Vendor<P extends ProviderName> {
  /** The vendor's name in printed lines. */
  readonly title: string;
  /** Every URL of an account's configuration, at the simulator's origin. */
  readonly accountUrls: (origin: string) => Readonly<Record<string, string>>;
  /** The vendor's HTTP API as far as the service calls it. */
  readonly createApi: (deps: VendorApiDeps) => VendorApi;
  /**
   * The messages in a webhook that open a session on one of the account's channels.
   * Shares no code with the service's reader, so that a mistake there shows as a disagreement.
   */
  readonly readWebhook: (webhook: unknown, channels: readonly Channel[]) => readonly CustomerMessage[];
  /** The vendor's message object of a customer's file. */
  readonly fileMessage: (account: AccountOf<P>, file: ShelfFile, sent: CustomerFile) => Record<string, unknown>;
  /** A webhook with these bytes, signed. */
  readonly sign: (signer: Signer<P>, body: Buffer) => SignedWebhook;
  /** One body with everything in several ones, from a vendor that posts more than one thing at a time. */
  readonly merge?: (bodies: readonly Buffer[]) => Buffer;
  /** What a customer does on the phone, as the vendor's message object; `tapped` is what of a message is tapped or filled in. */
  readonly actionMessage: (action: CustomerAction, tapped: Choice | undefined) => Parsed<ActionMessage>;
  /** A customer's message in the vendor's own format, signed. */
  readonly inboundWebhook: (source: WebhookSource<P>, request: WriteRequest) => Parsed<InboundWebhook>;
  /** A status of an accepted message in the vendor's own format, signed, with the sender's reference. */
  readonly statusWebhook: (
    source: WebhookSource<P>,
    message: AcceptedMessage,
    report: StatusReport,
  ) => Parsed<SignedWebhook>;
}
