import type { ShownMessage } from './shown-message.ts';

/** A webhook as a provider posts it; the signature covers exactly these bytes. */
export interface SignedWebhook {
  /** Path of the service's endpoint. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A webhook that carries a customer's message, the provider's id of that message and what the customer sees of it. */
export interface InboundWebhook {
  readonly messageId: string;
  readonly shown: ShownMessage;
  readonly webhook: SignedWebhook;
}

export const REPORTED_STATUSES = ['sent', 'delivered', 'read', 'played', 'failed'] as const;

/** A provider's report on a message that it accepted. */
export interface StatusReport {
  readonly status: (typeof REPORTED_STATUSES)[number];
  /** The provider's error code of a failure. */
  readonly code?: string | number | undefined;
  readonly description?: string | undefined;
  /** Replaces the price that the vendor would report. */
  readonly pricing?: object | undefined;
}
