import { expect } from 'vitest';
import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createWebhookRuntime } from '../../functions/inbound-webhook/runtime.ts';
import { createOutboundSend } from '../../functions/outbound-send/outbound-send.ts';
import { createSendRuntime } from '../../functions/outbound-send/runtime.ts';
import { createSessionsApi } from '../../functions/sessions-api/sessions-api.ts';
import { Config } from '../../functions/shared/domain/config.ts';
import type { MetaSecrets } from '../../functions/shared/domain/secrets.ts';
import type { HttpHandler, HttpResponse } from '../../functions/shared/http/handler.ts';
import { createCoreRuntime } from '../../functions/shared/runtime/core-runtime.ts';
import { describeFault, type Log } from '../../functions/shared/runtime/log.ts';
import { createWindowSweep } from '../../functions/window-sweep/window-sweep.ts';
import { NOON } from './arrivals.ts';
import { expectDocumented } from './documented.ts';
import { anEvent } from './events.ts';
import { aMetaAccount, aMetaChannel, metaSecrets } from './meta.ts';
import { secretsFrom } from './secrets.ts';
import { createSessionsStore } from './sessions-store.ts';
import { aSinchAccount, aSinchChannel, SINCH_SECRETS } from './sinch.ts';
import type { TestTable } from './table.ts';

/** One Meta and one Sinch number whose providers stand at these origins. */
export const aConfig = (meta: string, sinch: string = meta): Config =>
  Config.parse({
    accounts: [aMetaAccount({ baseUrl: meta }), aSinchAccount({ baseUrl: sinch, authUrl: `${sinch}/oauth2/token` })],
    channels: [aMetaChannel(), aSinchChannel()],
  });

export interface Noted {
  readonly lines: { readonly code: string; readonly fields: object }[];
  /** By name, and where it is counted by something also as `name{dimension=value}`. */
  readonly counts: Record<string, number>;
}

/** What no log line of any test may hold: phone numbers, and the names, texts and secrets of the fixtures (R16). */
const CONFIDENTIAL = new RegExp(
  [
    String.raw`(?<![\w.])\+?[1-9]\d{9,14}(?!\w)`,
    'Mira|Guten Tag|Is my order on its way|On its way|How can we help',
    ...Object.values(metaSecrets).flat(),
    ...Object.values(SINCH_SECRETS).flat(),
    'local-app-secret|local-verify-token|local-sinch-secret',
    'whsec_|tenant=7',
  ].join('|'),
);

/** Ids of requests: their last part may be digits alone, and look like a number. */
const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

/** A log that keeps what it was told, and fails the test in which it is told what no log may hold. */
export const aLog = (): Log & Noted => {
  const lines: { code: string; fields: object }[] = [];
  const counts: Record<string, number> = {};
  const note = (code: string, fields: object, fault?: unknown) => {
    lines.push({ code, fields });
    const line = fault === undefined ? { code, ...fields } : { code, ...fields, ...describeFault(fault) };
    expect.soft(JSON.stringify(line).replaceAll(UUID, 'uuid')).not.toMatch(CONFIDENTIAL);
  };
  const count = (metric: string, value = 1, by?: Readonly<Record<string, string>>): void => {
    const dimensions = Object.entries(by ?? {}).map((dimension) => dimension.join('='));
    expect.soft(dimensions.join()).not.toMatch(CONFIDENTIAL);
    const names = by === undefined ? [metric] : [metric, `${metric}{${dimensions.join()}}`];
    for (const name of names) counts[name] = (counts[name] ?? 0) + value;
  };
  return {
    lines,
    counts,
    begin: () => undefined,
    info: note,
    warn: note,
    error: note,
    count,
    gauge: (metric, seconds) => {
      counts[metric] = seconds;
    },
    end: () => undefined,
  };
};

const answered = (response: HttpResponse) => ({
  status: response.statusCode,
  headers: response.headers ?? {},
  text: response.body ?? '',
  body: (response.body?.startsWith('{') ? JSON.parse(response.body) : undefined) as Record<string, unknown>,
});

/** The Lambdas over one table, with a clock that the test sets. */
export const aService = (
  table: Pick<TestTable, 'client' | 'tableName'>,
  config: Config,
  secrets: Partial<MetaSecrets> = {},
) => {
  let now = NOON;
  const pauses: number[] = [];
  const log = aLog();
  const options = {
    config,
    tableName: table.tableName,
    dynamo: table.client,
    secrets: secretsFrom({ meta: { ...metaSecrets, ...secrets }, sinch: SINCH_SECRETS }),
    now: () => now,
    log,
  };
  const runtime = {
    ...createSendRuntime({ ...options, pause: async (milliseconds) => void pauses.push(milliseconds) }),
    ...createCoreRuntime(options, createSessionsStore),
  };
  const call = async (handler: HttpHandler, ...event: Parameters<typeof anEvent>) => {
    const answer = answered(await handler(anEvent(...event)));
    expectDocumented(event[0], answer);
    return answer;
  };
  const [webhook, outbound, api] = [
    createInboundWebhook(createWebhookRuntime(options)),
    createOutboundSend(runtime),
    // A slow machine ends no erasure and no import early.
    createSessionsApi({ ...runtime, elapsed: () => 0 }),
  ];
  const ofCustomer = (what: string, channel: string, customer: string, query?: Record<string, string>) =>
    call(api, `GET /v1/channels/{channel}/customers/{customer}/${what}`, {
      path: { channel, customer },
      ...(query === undefined ? {} : { query }),
    });
  return {
    runtime,
    log,
    /** How long the service would have waited, in milliseconds. */
    pauses,
    setNow: (at: Date) => {
      now = at;
    },
    webhook: (...event: Parameters<typeof anEvent>) => call(webhook, ...event),
    send: (body: object | string, key?: string) =>
      call(outbound, 'POST /v1/messages', {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      }),
    markRead: (channel: string, customer: string, id: string, body?: object) =>
      call(outbound, 'POST /v1/channels/{channel}/customers/{customer}/messages/{id}/read', {
        path: { channel, customer, id },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    take: (channel: string, customer: string, body: object) =>
      call(outbound, 'POST /v1/channels/{channel}/customers/{customer}/session/take', {
        path: { channel, customer },
        body: JSON.stringify(body),
      }),
    release: (channel: string, customer: string, body: object) =>
      call(outbound, 'POST /v1/channels/{channel}/customers/{customer}/session/release', {
        path: { channel, customer },
        body: JSON.stringify(body),
      }),
    check: (body: object) => call(outbound, 'POST /v1/messages/check', { body: JSON.stringify(body) }),
    resolve: (id: string, body: object) =>
      call(api, 'POST /v1/messages/{id}/resolve', { path: { id }, body: JSON.stringify(body) }),
    message: (id: string) => call(api, 'GET /v1/messages/{id}', { path: { id } }),
    session: (channel: string, customer: string) => ofCustomer('session', channel, customer),
    thread: (channel: string, customer: string, query?: Record<string, string>) =>
      ofCustomer('messages', channel, customer, query),
    erase: (channel: string, customer: string) =>
      call(api, 'DELETE /v1/channels/{channel}/customers/{customer}', { path: { channel, customer } }),
    sweep: () => createWindowSweep(runtime)(),
    route: (...event: Parameters<typeof anEvent>) => call(api, ...event),
  };
};
export type TestService = ReturnType<typeof aService>;
