import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Channel, type SinchAccount } from '../../functions/shared/domain/config.ts';
import { parseCustomer } from '../../functions/shared/domain/customer.ts';
import type { OutboundMessage } from '../../functions/shared/providers/provider.ts';
import { sign } from '../../functions/shared/providers/sinch/signature.ts';

export const SINCH_APP = '01K2CAREWINDOWAPP000000001';
export const SINCH_SECRETS = { webhookSecrets: ['first-secret'], keyId: 'key-id', keySecret: 'key-secret' };

export const aSinchAccount = (overrides: Partial<SinchAccount> = {}): SinchAccount => ({
  id: 'care-sinch',
  provider: 'sinch',
  region: 'eu',
  projectId: 'care-project',
  appId: SINCH_APP,
  authUrl: 'https://auth.sinch.com/oauth2/token',
  provisioningUrl: 'https://provisioning.api.sinch.com',
  signatureMaxAgeSeconds: 86_400,
  mediaHosts: [],
  ...overrides,
});

export const aSinchChannel = (overrides: Record<string, unknown> = {}): Channel =>
  Channel.parse({ id: 'support-sinch', account: 'care-sinch', ...overrides });

const FROM = { channel: 'WHATSAPP', identity: '4915112345678', app_id: '' };

type Fields = Record<string, unknown>;

/** A callback around an event; `undefined` removes a field of the envelope. */
export const aCallback = (event: Fields, envelope: Fields = {}): Fields => ({
  app_id: SINCH_APP,
  project_id: 'care-project',
  accepted_time: '2026-11-20T09:00:03.204511Z',
  event_time: '2026-11-20T09:00:01.731Z',
  message_metadata: '',
  correlation_id: '',
  ...envelope,
  ...event,
});

/** A MESSAGE_INBOUND with the given `contact_message`. */
export const anInbound = (contactMessage: unknown, message: Fields = {}, envelope: Fields = {}): Fields =>
  aCallback(
    {
      message: {
        id: '01KADQ2M7S0V9T4JYB6G1H3E5R',
        direction: 'TO_APP',
        contact_message: contactMessage,
        channel_identity: FROM,
        conversation_id: '',
        contact_id: '',
        metadata: '',
        accept_time: '2026-11-20T09:00:02.198223Z',
        processing_mode: 'DISPATCH',
        injected: false,
        ...message,
      },
    },
    envelope,
  );

/** An EVENT_INBOUND with the given event, e.g. `{contact_event: {composing_event: {}}}`. */
export const anEvent = (event: Fields): Fields =>
  aCallback({
    event: {
      id: '01KADQ2M7S0V9T4JYB6G1EVENT',
      direction: 'TO_APP',
      channel_identity: FROM,
      accept_time: '2026-11-20T09:00:02.198223Z',
      ...event,
    },
  });

/** A MESSAGE_DELIVERY. */
export const aReceipt = (report: Fields = {}, envelope: Fields = {}): Fields =>
  aCallback(
    {
      message_delivery_report: {
        message_id: '01KADQ2M7S0V9T4JYB6GSENT01',
        status: 'DELIVERED',
        channel_identity: { ...FROM, identity: '+4915112345678' },
        conversation_id: '',
        contact_id: '',
        metadata: 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R',
        ...report,
      },
    },
    envelope,
  );

export const bytesOf = (body: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(body));

/** The headers with which Sinch would send a body. */
export const sinchHeaders = (body: Uint8Array, secret: string, at: { nonce: string; timestamp: string }) => ({
  'x-sinch-webhook-signature': sign(body, at, secret),
  'x-sinch-webhook-signature-nonce': at.nonce,
  'x-sinch-webhook-signature-timestamp': at.timestamp,
  'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
});

export const anOutbound = (overrides: Partial<OutboundMessage> = {}): OutboundMessage => {
  const to = parseCustomer('+4915112345678');
  if (to === undefined) throw new Error('not a customer');
  return {
    channel: aSinchChannel(),
    to,
    content: { type: 'text', text: 'Hello' },
    reference: 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R',
    endsAtMs: Date.parse('2026-11-20T10:00:00.250Z'),
    ...overrides,
  };
};

export interface ReceivedCall {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ProviderServer {
  readonly origin: string;
  readonly calls: readonly ReceivedCall[];
  readonly close: () => Promise<void>;
}

/** A real HTTP server on 127.0.0.1 that records every call and answers as `answer` says. */
export const startProvider = async (
  answer: (call: ReceivedCall, response: ServerResponse, count: number) => void,
): Promise<ProviderServer> => {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      const call = { method, url, headers, body };
      calls.push(call);
      answer(call, response, calls.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return { origin: `http://127.0.0.1:${address.port}`, calls, close };
};

export const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};
