import type { SignedWebhook } from './webhook.ts';

/** Posts a webhook to the service; answers with the HTTP status. */
export type Post = (webhook: SignedWebhook) => Promise<number>;

export const createPost =
  (serviceUrl: string, signal: AbortSignal): Post =>
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
