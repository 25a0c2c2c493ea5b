import { vi } from 'vitest';
import { createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { createEventDelivery } from '../../functions/event-delivery/event-delivery.ts';
import { createEventDestinationResource } from '../../functions/event-destination/event-destination.ts';
import { createInboundQueue } from '../../functions/inbound-queue/inbound-queue.ts';
import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createWebhookRuntime } from '../../functions/inbound-webhook/runtime.ts';
import { createMedia } from '../../functions/media/media.ts';
import { createMediaRuntime } from '../../functions/media/runtime.ts';
import { createOutboundSend } from '../../functions/outbound-send/outbound-send.ts';
import { createSendRuntime } from '../../functions/outbound-send/runtime.ts';
import { createSessionsApi } from '../../functions/sessions-api/sessions-api.ts';
import type { Account } from '../../functions/shared/domain/config.ts';
import type { SecretPart } from '../../functions/shared/domain/secrets.ts';
import type { HttpHandler } from '../../functions/shared/http/handler.ts';
import { createCoreRuntime } from '../../functions/shared/runtime/core-runtime.ts';
import type { EventBus } from '../../functions/shared/runtime/event-bus.ts';
import { createLog } from '../../functions/shared/runtime/log.ts';
import { createSecretsManagerSource } from '../../functions/shared/runtime/secrets.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import { createTemplateSync } from '../../functions/template-sync/template-sync.ts';
import { createWindowSweep } from '../../functions/window-sweep/window-sweep.ts';
import { createRepublish } from '../../infra/operate/republish.ts';
import { NOON, NOON_SECONDS } from './arrivals.ts';
import { aBusRecord, aDelivery, aQueueRecord } from './deliveries.ts';
import { anEvent } from './events.ts';
import { aBucket } from './media.ts';
import { aChange, aNotification, aValue, signMeta, toBytes, type Wire } from './meta.ts';
import { aProviderServer, type ProviderCall, type Scripted } from './provider-server.ts';
import { aPart } from './secrets.ts';
import { aSecretsManager, SecretsManagerError } from './secrets-manager.ts';
import { aConfig } from './service.ts';
import { createSessionsStore } from './sessions-store.ts';
import { bytesOf, sinchHeaders } from './sinch.ts';
import { aTable } from './table.ts';

/** Values that must never appear in a log or a metric; each occurs nowhere else. */
export const CANARY = {
  phone: '4915900424242',
  userId: 'DE.4242424242424242',
  name: 'Canaria Finch',
  text: 'canary sings at dawn',
  appSecret: 'canary-app-secret',
  verifyToken: 'canary-verify-token',
  accessToken: 'canary-access-token',
  webhookSecret: 'canary-webhook-secret',
  keyId: 'canary-key-id',
  keySecret: 'canary-key-secret',
  bearer: 'canary-bearer-token',
  idempotencyKey: 'canary-idempotency-key',
  signingSecret: 'whsec_Y2FuYXJ5LXNpZ25pbmctc2VjcmV0LXRoYXQtaXMtbG9uZw==',
  endpointKey: 'canary-endpoint-key',
} as const;

/** The encodings in which a value may be written. */
export const spellings = (value: string): readonly string[] => [
  value,
  encodeURIComponent(value),
  value.toUpperCase(),
  value.toLowerCase(),
  Buffer.from(value).toString('base64').replaceAll('=', ''),
  Buffer.from(value).toString('hex'),
];

const SECRETS = {
  meta: { appSecrets: [CANARY.appSecret], verifyToken: CANARY.verifyToken, accessToken: CANARY.accessToken },
  sinch: { webhookSecrets: [CANARY.webhookSecret], keyId: CANARY.keyId, keySecret: CANARY.keySecret },
};

/** A fault that quotes its request and response, as those of SDKs do. */
export const aVerboseFault = () => {
  const canaries = Object.values(CANARY).join(' | ');
  const cause = new Error(`the request was ${canaries}`);
  return Object.assign(new TypeError(`cannot write\n${canaries}`, { cause }), {
    request: canaries,
    $response: { body: canaries },
  });
};

/** The whole service with its real log; its customers, callers, providers and secrets all hold canaries. */
export const aCanaryService = async (endpoint: string) => {
  const table = await aTable(endpoint);
  let faultIn: number | undefined;
  table.client.middlewareStack.add(
    (next) => (args) => {
      if (faultIn !== undefined) faultIn -= 1;
      if (faultIn !== -1) return next(args);
      faultIn = undefined;
      return Promise.reject(aVerboseFault());
    },
    { step: 'initialize', name: 'canary' },
  );
  const ACCEPTED: Scripted = {
    body: { messages: [{ id: `wamid.${btoa(CANARY.phone)}` }], message_id: '01K2SENT', data: [], templates: [] },
  };
  let script: (call: ProviderCall) => Scripted | Promise<Scripted> = () => ACCEPTED;
  const provider = await aProviderServer((call) =>
    call.path === '/oauth2/token' ? { body: { access_token: CANARY.bearer, expires_in: 3600 } } : script(call),
  );
  let now = NOON;
  let secretsFail = false;
  const secret =
    <T>(value: T) =>
    async () => {
      if (secretsFail) throw aVerboseFault();
      return value;
    };
  const { accounts, channels } = aConfig(provider.url);
  const options = {
    config: {
      accounts: accounts.map((account) =>
        account.provider === 'sinch'
          ? { ...account, provisioningUrl: provider.url }
          : { ...account, threadControlUrl: provider.url },
      ),
      channels,
    },
    tableName: table.tableName,
    dynamo: table.client,
    secrets: ({ provider }: Pick<Account, 'provider'>, part: SecretPart) => secret(aPart(SECRETS, provider, part))(),
    now: () => now,
    log: createLog('canary', 'test'),
    pause: () => Promise.resolve(),
    prepareFile: () => Promise.reject(aVerboseFault()),
  };
  const runtime = createCoreRuntime(options, createSessionsStore);
  const webhook = createInboundWebhook(createWebhookRuntime(options));
  const outbound = createOutboundSend(createSendRuntime(options));
  const api = createSessionsApi(runtime);
  const sync = createTemplateSync(options);
  const eventQueue = createInboundQueue(options);
  const media = createMedia(
    createMediaRuntime({
      ...options,
      bucket: { ...aBucket(), find: () => Promise.reject(aVerboseFault()) },
      queue: { send: async () => undefined },
    }),
  );
  const hook = `${provider.url}/${CANARY.endpointKey}?key=${CANARY.endpointKey}`;
  const delivery = createEventDelivery({
    config: {
      accounts,
      channels: channels.map((channel) => ({ ...channel, deliveries: [{ url: hook }] })),
    },
    secretsOf: secret([CANARY.signingSecret]),
    store: { recordOutcome: () => Promise.reject(aVerboseFault()) },
    queue: {
      changeVisibility: () => (secretsFail ? Promise.reject(aVerboseFault()) : Promise.resolve()),
      send: () => (secretsFail ? Promise.reject(aVerboseFault()) : Promise.resolve()),
    },
    now: () => new Date(),
    random: () => 0,
    log: options.log,
  });
  const call = async (handler: HttpHandler, ...event: Parameters<typeof anEvent>) =>
    (await handler(anEvent(...event))).statusCode;
  const customer = { channel: 'support', customer: `+${CANARY.phone}` };
  const meta = (body: Uint8Array, signature = signMeta(body, CANARY.appSecret)) =>
    call(webhook, 'POST /webhooks/meta/{account}', {
      path: { account: 'shop-meta' },
      headers: { 'x-hub-signature-256': signature },
      body,
    });
  return {
    table,
    close: () => provider.close(),
    customer,
    setNow: (at: Date) => {
      now = at;
    },
    /** Scripts the responses of the providers; without an argument they accept every request. */
    answer: (next: Scripted | ((call: ProviderCall) => Scripted | Promise<Scripted>) = ACCEPTED) => {
      script = typeof next === 'function' ? next : () => next;
    },
    failSecrets: (fails: boolean) => {
      secretsFail = fails;
    },
    /** Makes one later request to the table fail; 0 is the next one. */
    failStoreAt: (request: number) => {
      faultIn = request;
    },
    meta,
    metaChange: (value: Wire, field = 'messages') => meta(toBytes(aNotification(aChange(aValue(value), field)))),
    challenge: (token: string) =>
      call(webhook, 'GET /webhooks/meta/{account}', {
        path: { account: 'shop-meta' },
        query: { 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': '1' },
      }),
    strayWebhook: () => call(webhook, 'POST /webhooks/meta/{account}', { path: { account: CANARY.phone }, body: '{}' }),
    sinch: (body: object | string, secret: string = CANARY.webhookSecret, at = NOON_SECONDS) => {
      const bytes = typeof body === 'string' ? Buffer.from(body) : bytesOf(body);
      const headers = sinchHeaders(bytes, secret, { nonce: 'nonce', timestamp: String(at) });
      return call(webhook, 'POST /webhooks/sinch/{account}', { path: { account: 'care-sinch' }, headers, body: bytes });
    },
    send: (body: object | string, key?: string) =>
      call(outbound, 'POST /v1/messages', {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: key === undefined ? {} : { 'idempotency-key': key },
      }),
    markRead: (id: string) =>
      call(outbound, 'POST /v1/channels/{channel}/customers/{customer}/messages/{id}/read', {
        path: { ...customer, id },
      }),
    changeOwner: (action: 'take' | 'release', body: object) =>
      call(outbound, `POST /v1/channels/{channel}/customers/{customer}/session/${action}`, {
        path: customer,
        body: JSON.stringify(body),
      }),
    check: (body: object) => call(outbound, 'POST /v1/messages/check', { body: JSON.stringify(body) }),
    api: (route: string, event: Parameters<typeof anEvent>[1] = {}) => call(api, route, { path: customer, ...event }),
    /** Reads an event of a number at AWS; returns how many messages stay in the queue. */
    /** Sets the event destination of a business account at AWS, which may not answer. */
    setDestination: async (fails: boolean): Promise<void> => {
      const destinationOf = async () => ({
        read: () => (fails ? Promise.reject(aVerboseFault()) : Promise.resolve([])),
        write: () => Promise.resolve(),
      });
      await createEventDestinationResource({ ...options, destinationOf })({
        RequestType: 'Create',
        ResponseURL: `${provider.url}/answer?key=${CANARY.endpointKey}`,
        StackId: 'stack',
        RequestId: 'request',
        LogicalResourceId: 'Destination',
        ResourceProperties: { account: 'shop-aws', wabaId: 'waba-1', topicArn: 'arn:aws:sns:eu-central-1:1:topic' },
      });
    },
    queueEvent: async (body: string) =>
      (
        await eventQueue({
          Records: [
            {
              messageId: 'event-1',
              receiptHandle: 'handle',
              attributes: { ApproximateReceiveCount: '1' },
              body,
            },
          ],
        })
      ).batchItemFailures.length,
    /** Works off a task of the files; returns how many messages stay in the queue. */
    media: async (body: string) =>
      (await media.onTasks({ Records: [{ messageId: 'task-1', body }] })).batchItemFailures.length,
    prepareFile: () => media.onPrepare({ channel: 'support', upload: `up_30_${'ab'.repeat(20)}`, kind: 'image' }),
    showMedia: (id: string) =>
      call(media.onRequest, 'GET /v1/channels/{channel}/customers/{customer}/messages/{id}/media', {
        path: { ...customer, id },
      }),
    url: provider.url,
    sync: (channel: string) =>
      call(sync.onRequest, 'POST /v1/channels/{channel}/templates/sync', { path: { channel } }),
    syncAll: () => sync.onSchedule({ id: 'schedule-1' }),
    sweep: () => createWindowSweep(runtime)(),
    /** Invokes change-stream with records and with the bus of the test. */
    processRecords: (records: readonly StreamRecord[], put: EventBus['put']) =>
      createChangeStream({ ...options, bus: { put } })({ Records: records }),
    /** The same with a dead-letter queue, whose letters it returns. */
    deadLetter: async (record: StreamRecord): Promise<readonly string[]> => {
      const letters: string[] = [];
      const deadLetters = { send: async (letter: string) => void letters.push(letter) };
      await createChangeStream({ ...options, bus: { put: async () => [true] }, deadLetters })({ Records: [record] });
      return letters;
    },
    /** Redrives records as an operator does; returns what is reported. */
    redrive: (records: readonly StreamRecord[], put: EventBus['put']) =>
      createRepublish({ ...options, bus: { put } })(records),
    /** Delivers an event about the customer; returns how many messages stay in the queue. */
    deliver: async (url = hook, body?: string) => {
      const { detail } = aDelivery();
      const about = { ...detail, customer: CANARY.phone, data: { content: CANARY.text, profileName: CANARY.name } };
      const record = aQueueRecord(body ?? aDelivery({ url, detail: about }));
      return (await delivery({ Records: [record] })).batchItemFailures.length;
    },
    /** Routes an event about the customer to its endpoints; returns how many messages stay in the queue. */
    routeEvent: async () => {
      const { type, detail } = aDelivery();
      const about = { ...detail, customer: CANARY.phone, data: { content: CANARY.text } };
      const record = aBusRecord({ source: 'carewindow', type, detail: about });
      return (await delivery({ Records: [record] })).batchItemFailures.length;
    },
    /** Reads a secret of Secrets Manager that does not answer any more. */
    readStaleSecret: async () => {
      let isDown = false;
      const secretsManager = await aSecretsManager(() => {
        if (isDown) throw new SecretsManagerError('AccessDeniedException', Object.values(CANARY).join(' '));
        return JSON.stringify({ accessToken: CANARY.accessToken });
      });
      vi.useFakeTimers({ toFake: ['Date'] });
      const read = createSecretsManagerSource({ prefix: 'canary', log: options.log });
      await read({ id: 'shop-meta', provider: 'meta' }, 'api');
      isDown = true;
      vi.setSystemTime(Date.now() + 301_000);
      await read({ id: 'shop-meta', provider: 'meta' }, 'api').finally(vi.useRealTimers);
      await secretsManager.close();
    },
  };
};
export type CanaryService = Awaited<ReturnType<typeof aCanaryService>>;
