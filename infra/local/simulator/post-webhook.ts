import type { SignedWebhook } from './webhook.ts';

/** Posts a webhook to the service; resolves to the HTTP status. */
export type PostWebhook = (webhook: SignedWebhook) => Promise<number>;

export const createPostWebhook =
  (serviceUrl: string, signal: AbortSignal): PostWebhook =>
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
