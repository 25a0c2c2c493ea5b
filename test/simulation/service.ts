import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createWebhookRuntime } from '../../functions/inbound-webhook/runtime.ts';
import { createOutboundSend } from '../../functions/outbound-send/outbound-send.ts';
import { createSendRuntime } from '../../functions/outbound-send/runtime.ts';
import { createSessionsApi } from '../../functions/sessions-api/sessions-api.ts';
import { createStore as createApiStore } from '../../functions/sessions-api/store.ts';
import type { Config } from '../../functions/shared/domain/config.ts';
import type { HttpHandler } from '../../functions/shared/http/handler.ts';
import { createCoreRuntime } from '../../functions/shared/runtime/core-runtime.ts';
import type { BusEntry } from '../../functions/shared/runtime/event-bus.ts';
import type { Log } from '../../functions/shared/runtime/log.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import { createStore as createSweepStore } from '../../functions/window-sweep/store.ts';
import { createWindowSweep } from '../../functions/window-sweep/window-sweep.ts';
import { anEvent, type EventOptions } from '../support/events.ts';
import { metaSecrets, signMeta } from '../support/meta.ts';
import { secretsFrom } from '../support/secrets.ts';
import { SINCH_SECRETS, sinchHeaders } from '../support/sinch.ts';
import { createMemoryClient, type Wire } from './dynamo/memory-client.ts';
import type { Change, MemoryTable } from './dynamo/memory-table.ts';

export const TABLE_NAME = 'sessions';

/** What a container of the service has from outside: its table, its clock, its ids and its bus. */
export interface Surroundings {
  readonly config: Config;
  readonly table: MemoryTable;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly wire: Wire;
  readonly publish: (entries: readonly BusEntry[]) => Promise<readonly boolean[]>;
}

/** Faults that the service logs and answers; a simulation reads them when it fails. */
export interface Fault {
  readonly code: string;
  readonly fault: unknown;
}

/** A log that keeps the faults alone. */
export const quietLog = (faults: Fault[]): Log => ({
  begin: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (code, _, fault) => {
    faults.push({ code, fault });
  },
  count: () => undefined,
  gauge: () => undefined,
  end: () => undefined,
});

export const toStreamRecord = ({ key, before, after, atMs }: Change, sequence: number): StreamRecord => ({
  dynamodb: {
    SequenceNumber: String(sequence).padStart(21, '0'),
    ApproximateCreationDateTime: Math.floor(atMs / 1000),
    Keys: marshall({ ...key }),
    OldImage: before,
    NewImage: after,
  },
});

export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const call = async (handler: HttpHandler, ...event: Parameters<typeof anEvent>): Promise<Answered> => {
  const { statusCode, body = '' } = await handler(anEvent(...event));
  return { status: statusCode ?? 200, body: body.startsWith('{') ? JSON.parse(body) : {} };
};

/** One container of each Lambda, as they are deployed, in a simulated world. */
export const createContainers = ({ config, table, now, newId, wire, publish }: Surroundings) => {
  const faults: Fault[] = [];
  const secrets = secretsFrom({ meta: metaSecrets, sinch: SINCH_SECRETS });
  const dynamo: DynamoDBClient = createMemoryClient(table, wire);
  const options = { config, tableName: TABLE_NAME, dynamo, now, log: quietLog(faults), secrets };
  const webhook = createInboundWebhook({ ...createWebhookRuntime(options), newId });
  const outbound = createOutboundSend({ ...createSendRuntime(options), newId });
  const api = createSessionsApi({ ...createCoreRuntime(options, createApiStore), newId, elapsed: () => 0 });
  const sweep = createWindowSweep({ ...createCoreRuntime(options, createSweepStore), newId });
  const stream = createChangeStream({ ...options, bus: { put: publish } });
  return {
    faults,
    options,
    /** The handler of each Lambda that answers HTTP calls on the table alone. */
    handlers: { 'inbound-webhook': webhook, 'outbound-send': outbound, 'sessions-api': api },
    meta: (account: string, notification: unknown): Promise<Answered> => {
      const body = JSON.stringify(notification);
      const headers = { 'x-hub-signature-256': signMeta(body, metaSecrets.appSecrets[0]) };
      return call(webhook, 'POST /webhooks/meta/{account}', { path: { account }, headers, body });
    },
    /** A webhook as it comes over the wire, of the account with that id. */
    post: (account: string, { headers, body }: Required<Pick<EventOptions, 'headers' | 'body'>>): Promise<Answered> => {
      const { provider } = config.accounts.find(({ id }) => id === account) ?? { provider: 'meta' };
      return call(webhook, `POST /webhooks/${provider}/{account}`, { path: { account }, headers, body });
    },
    sinch: (account: string, callback: unknown): Promise<Answered> => {
      const body = JSON.stringify(callback);
      const timestamp = String(Math.floor(now().getTime() / 1000));
      const at = { nonce: 'nonce', timestamp };
      const headers = sinchHeaders(Buffer.from(body), SINCH_SECRETS.webhookSecrets[0] ?? '', at);
      return call(webhook, 'POST /webhooks/sinch/{account}', { path: { account }, headers, body });
    },
    send: (body: unknown, key: string): Promise<Answered> =>
      call(outbound, 'POST /v1/messages', { headers: { 'idempotency-key': key }, body: JSON.stringify(body) }),
    changeConsent: (channel: string, customer: string, body: unknown): Promise<Answered> =>
      call(api, 'PUT /v1/channels/{channel}/customers/{customer}/consent', {
        path: { channel, customer },
        body: JSON.stringify(body),
      }),
    erase: (channel: string, customer: string): Promise<Answered> =>
      call(api, 'DELETE /v1/channels/{channel}/customers/{customer}', { path: { channel, customer } }),
    show: (channel: string, customer: string): Promise<Answered> =>
      call(api, 'GET /v1/channels/{channel}/customers/{customer}/session', { path: { channel, customer } }),
    showCustomer: (channel: string, customer: string): Promise<Answered> =>
      call(api, 'GET /v1/channels/{channel}/customers/{customer}', { path: { channel, customer } }),
    showThread: (channel: string, customer: string): Promise<Answered> =>
      call(api, 'GET /v1/channels/{channel}/customers/{customer}/messages', {
        path: { channel, customer },
        query: { limit: '100' },
      }),
    sweep: () => sweep(),
    stream: (records: readonly StreamRecord[]) => stream({ Records: records }),
  };
};
export type Containers = ReturnType<typeof createContainers>;
