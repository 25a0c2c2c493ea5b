import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createWebhookRuntime } from '../../functions/inbound-webhook/runtime.ts';
import { createOutboundSend } from '../../functions/outbound-send/outbound-send.ts';
import { createSendRuntime } from '../../functions/outbound-send/runtime.ts';
import { Config } from '../../functions/shared/domain/config.ts';
import type { HttpEvent, HttpHandler } from '../../functions/shared/http/handler.ts';
import { createLog, type Log } from '../../functions/shared/runtime/log.ts';
import { createDynamoClient, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { LOCAL_ENGINE } from '../../infra/shared/local-engine.ts';
import { anEvent } from '../support/events.ts';
import { aMetaAccount, aMetaChannel, metaSecrets, signMeta } from '../support/meta.ts';
import { secretsFrom } from '../support/secrets.ts';
import { aSinchAccount, aSinchChannel, SINCH_SECRETS } from '../support/sinch.ts';
import { SENDS_AT } from './noon.ts';
import { toWebhook } from './webhooks.ts';

/** Where a worker finds what it measures against. */
export interface Place {
  readonly endpoint: string;
  /** A table in two regions of DynamoDB Local, which are two databases: one for the handler, one for raw requests. */
  readonly tableName: string;
  /** The simulated Graph API. */
  readonly provider: string;
  /** The database of DynamoDB Local. */
  readonly region: string;
}

export const RAW_REGION = 'raw';

/** One number of each provider, with Meta's Graph API at this origin. */
export const configOf = (provider: string): Config =>
  Config.parse({
    accounts: [aMetaAccount({ baseUrl: provider }), aSinchAccount()],
    channels: [aMetaChannel(), aSinchChannel()],
  });

/** A log of faults alone. */
export const FAULTS_ONLY: Log = {
  begin: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (code, _, fault) => console.error(code, fault),
  count: () => undefined,
  gauge: () => undefined,
  end: () => undefined,
};

/** The handlers as their Lambdas create them, but for their table, their clock and their secrets. */
export const createHandlers = ({ endpoint, tableName, provider, region }: Place) => {
  const dynamo = createDynamoClient({ ...LOCAL_ENGINE, region, endpoint });
  const options = {
    config: configOf(provider),
    tableName,
    dynamo,
    secrets: secretsFrom({ meta: metaSecrets, sinch: SINCH_SECRETS }),
    now: () => new Date(SENDS_AT * 1_000),
    log: createLog('bench', 'bench'),
  };
  return {
    dynamo,
    webhook: createInboundWebhook(createWebhookRuntime(options)),
    outbound: createOutboundSend(createSendRuntime(options)),
  };
};

/** A client for the raw requests, as the service creates its own. */
export const createRawClient = ({ endpoint }: Place) =>
  toDocumentClient(createDynamoClient({ ...LOCAL_ENGINE, region: RAW_REGION, endpoint }));

/** A signed webhook of Meta with this value, as API Gateway passes it on. */
export const webhookEvent = (value: Parameters<typeof toWebhook>[0]): HttpEvent => {
  const body = toWebhook(value);
  return anEvent('POST /webhooks/meta/{account}', {
    path: { account: 'shop-meta' },
    headers: { 'x-hub-signature-256': signMeta(body) },
    body: Buffer.from(body).toString('utf8'),
  });
};

/** A send, as API Gateway passes it on. */
export const sendEvent = (to: string): HttpEvent =>
  anEvent('POST /v1/messages', {
    body: JSON.stringify({ channel: 'support', to, content: { type: 'text', text: 'On its way.' } }),
  });

/** Hands an event to a handler, which must answer with this status. */
export const answeredWith =
  (handler: HttpHandler, event: HttpEvent, status: number): (() => Promise<string>) =>
  async () => {
    const { statusCode, body = '' } = await handler(event);
    if (statusCode !== status) throw new Error(`answered ${statusCode} in place of ${status}: ${body}`);
    return body;
  };
