import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import type { SignedWebhook } from './webhook.ts';
import type { WebhookFaultKind } from './webhook-fault.ts';

/** What became of a webhook: the HTTP status of the service, or the fault that holds it back. */
export interface PostedWebhook {
  readonly status: number | null;
  readonly heldBy?: WebhookFaultKind;
}

/** A webhook and the account of whose provider it is. */
export interface Outgoing {
  readonly account: LocalConfig['accounts'][number];
  readonly webhook: SignedWebhook;
}

/** Sends a provider's webhook to the service. */
export type PostWebhook = (outgoing: Outgoing) => Promise<PostedWebhook>;

/** Sends the bytes of a webhook; resolves to the HTTP status. */
export type SendWebhook = (webhook: SignedWebhook) => Promise<number>;

export const createSendWebhook =
  (serviceUrl: string, signal: AbortSignal): SendWebhook =>
  async ({ path, headers, body }) => {
    const response = await fetch(`${serviceUrl}${path}`, {
      method: 'POST',
      headers: { ...headers, connection: 'close' },
      body: new Uint8Array(body),
      signal,
    });
    await response.arrayBuffer();
    return response.status;
  };
