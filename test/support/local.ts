import { createHmac, randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type LocalServiceOptions, startLocalService } from '../../infra/local/service.ts';
import type { ProviderCall } from '../../infra/local/simulator/call-log.ts';
import { dynamoDbEndpoint } from './endpoint.ts';
import { aLog } from './service.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface Sent {
  readonly body?: object | string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}

/** Calls over HTTP; sends objects as JSON, text and bytes unchanged. */
export const callHttp = async (method: string, url: string, { body, headers = {} }: Sent = {}): Promise<Answer> => {
  const isPlain = typeof body === 'string' || body instanceof Uint8Array || body === undefined;
  const response = await fetch(url, {
    method,
    headers: { connection: 'close', ...headers },
    ...(body === undefined ? {} : { body: isPlain ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = text !== '' && (response.headers.get('content-type')?.includes('json') ?? false);
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
};

const aText = (channel: string, to: string) => ({ channel, to, content: { type: 'text', text: 'How can we help?' } });

/** The whole local service on a table of its own; it stops with the test. */
export const aLocalService = async (options: LocalServiceOptions = {}) => {
  const log = aLog();
  const service = await startLocalService({
    dynamoDbEndpoint: dynamoDbEndpoint(),
    tableName: `local-${randomUUID()}`,
    log: () => log,
    ...options,
  });
  onTestFinished(service.stop);
  const call = (method: string, path: string, sent?: Sent) => callHttp(method, `${service.url}${path}`, sent);
  return {
    ...service,
    log,
    call,
    write: (body: object) => call('POST', '/_local/provider/inbound', { body }),
    report: (body: object) => call('POST', '/_local/provider/status', { body }),
    fault: (body: object) => call('POST', '/_local/provider/faults', { body }),
    clock: (body: object) => call('POST', '/_local/clock', { body }),
    send: (channel: string, to: string) => call('POST', '/v1/messages', { body: aText(channel, to) }),
    session: (channel: string, customer: string) =>
      call('GET', `/v1/channels/${channel}/customers/${customer}/session`),
    thread: (channel: string, customer: string) =>
      call('GET', `/v1/channels/${channel}/customers/${customer}/messages`),
    message: (id: string) => call('GET', `/v1/messages/${id}`),
    calls: async (): Promise<readonly ProviderCall[]> => (await call('GET', '/_local/provider/calls')).body.calls,
  };
};

/** Posts a Meta webhook, signed by the test and not by the simulator. */
export const postMeta = (
  url: string,
  webhook: object | string | Uint8Array<ArrayBuffer>,
  secret = 'local-app-secret',
) => {
  const body = typeof webhook === 'string' || webhook instanceof Uint8Array ? webhook : JSON.stringify(webhook);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return callHttp('POST', `${url}/webhooks/meta/demo-meta`, {
    body,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
  });
};

const inField = (field: string, message: object): { messages?: object[]; standby?: { messages: object[] } } =>
  field === 'standby' ? { standby: { messages: [message] } } : { messages: [message] };

/** A Meta webhook around one message to the built-in number. */
export const aMetaWebhook = (message: object, field = 'messages') => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '102290129340398',
      changes: [
        {
          field,
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
            ...inField(field, message),
          },
        },
      ],
    },
  ],
});
