import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';
import { ConversationCallbackWebhooks } from '@sinch/sdk-core';
import { WhatsAppAPI } from 'whatsapp-api-js/middleware/web-standard';
import type { Receive, SECRETS } from '../contest.ts';
import type { createLeastStore } from './least-store.ts';

type Store = ReturnType<typeof createLeastStore>;
type Secrets = typeof SECRETS;

/** whatsapp-api-js: its own server code, and a callback that stores. */
const whatsappApiJs = (store: Store, { meta: appSecret }: Secrets): Receive => {
  const api = new WhatsAppAPI({ token: 'token', appSecret, webhookVerifyToken: 'token', v: 'v26.0' });
  api.on.message = ({ from, message }) =>
    store({ customer: from, id: message.id, at: Number(message.timestamp), content: message });
  return ({ body, headers }) => {
    const length = String(Buffer.byteLength(body));
    return api.handle_post(
      new Request('http://127.0.0.1/', { method: 'POST', body, headers: { ...headers, 'content-length': length } }),
    );
  };
};

/** @kapso/whatsapp-cloud-api: its check of the signature and its reader of webhooks. */
const kapso =
  (store: Store, { meta: appSecret }: Secrets): Receive =>
  async ({ body, headers: { 'x-hub-signature-256': signatureHeader = '' } }) => {
    if (!verifySignature({ appSecret, rawBody: body, signatureHeader })) return 401;
    for (const message of normalizeWebhook(JSON.parse(body)).messages)
      await store({ customer: String(message.from), id: message.id, at: Number(message.timestamp), content: message });
    return 200;
  };

/** Sinch's SDK: its check of the signature and its reader of callbacks. */
const sinch = (store: Store, { sinch: secret }: Secrets): Receive => {
  const webhooks = new ConversationCallbackWebhooks(secret);
  return async ({ body, headers }) => {
    if (!webhooks.validateAuthenticationHeader(headers, body)) return 401;
    const event = webhooks.parseEvent(body);
    if (event.trigger !== 'MESSAGE_INBOUND' || !('message' in event)) return 200;
    const { id = '', channel_identity, accept_time, contact_message } = event.message ?? {};
    const at = Math.floor(new Date(accept_time ?? 0).getTime() / 1_000);
    await store({ customer: channel_identity?.identity ?? '', id, at, content: contact_message });
    return 200;
  };
};

/** The least code that stores messages and windows with each library. */
export const PEERS = { 'whatsapp-api-js': whatsappApiJs, '@kapso/whatsapp-cloud-api': kapso, '@sinch/sdk-core': sinch };

export type PeerName = keyof typeof PEERS;
