import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import type { HttpHandler } from '../../../functions/shared/http/handler.ts';
import type { FrontRoute } from '../route-match.ts';
import { createOutbox } from './accepted-messages.ts';
import { type CallLog, createCallLog, type ProviderName } from './call-log.ts';
import { type Customers, createCustomers } from './customer-messages.ts';
import { createFaultQueue, type FaultQueue } from './fault-queue.ts';
import { metaFallback, metaRoutes } from './meta/api.ts';
import { createMetaPrices } from './meta/prices.ts';
import { readMetaWebhook } from './meta/read-webhook.ts';
import { createPost } from './post-webhook.ts';
import { startProviderServer } from './provider-server.ts';
import { sinchFallback, sinchRoutes } from './sinch/api.ts';
import { readSinchWebhook } from './sinch/read-webhook.ts';
import { createReports, type Reports } from './status-reports.ts';
import { type CustomerMessage, createWhatsApp } from './whatsapp.ts';

export interface SimulatorOptions {
  readonly config: LocalConfig;
  readonly ports: Readonly<Record<ProviderName, number>>;
  /** Where the webhooks are posted to. */
  readonly serviceUrl: string;
  readonly now: () => Date;
}

/** WhatsApp, Meta and Sinch on this machine. */
export interface Simulator extends Customers, Pick<Reports, 'report'> {
  readonly calls: CallLog;
  readonly faults: Readonly<Record<ProviderName, FaultQueue>>;
  /** Takes note of the customers' messages in a webhook that the service has taken, whoever signed it. */
  readonly observe: (account: string, body: Uint8Array) => void;
  readonly stop: () => Promise<void>;
}

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
};

const readWebhook = ({ accounts, channels }: LocalConfig, id: string, body: Uint8Array): readonly CustomerMessage[] => {
  const account = accounts.find((candidate) => candidate.id === id);
  const owned = channels.filter((channel) => channel.account === id);
  const webhook = parseJson(body);
  if (account?.provider === 'meta') return readMetaWebhook(webhook, owned);
  return owned.flatMap((channel) => readSinchWebhook(webhook, channel));
};

/** Starts the simulated providers, each on its own port. */
export const startSimulator = async ({ config, ports, serviceUrl, now }: SimulatorOptions): Promise<Simulator> => {
  const stopping = new AbortController();
  const calls = createCallLog(now);
  const faults = { meta: createFaultQueue(), sinch: createFaultQueue() };
  const whatsApp = createWhatsApp(now);
  const outbox = createOutbox();
  const post = createPost(serviceUrl, stopping.signal);
  const { report, failLater } = createReports({ config, outbox, post, now, stopped: stopping.signal });
  const observe = (account: string, body: Uint8Array) => readWebhook(config, account, body).forEach(whatsApp.hear);
  const common = { config, whatsApp, outbox, now };
  const start = (provider: ProviderName, routes: readonly FrontRoute[], fallback: HttpHandler) =>
    startProviderServer({ provider, routes, fallback, port: ports[provider], calls, faults: faults[provider], now });
  const meta = metaRoutes({ ...common, faults: faults.meta, priceOf: createMetaPrices(now) });
  const stopMeta = await start('meta', meta, metaFallback);
  const sinch = sinchRoutes({ ...common, faults: faults.sinch, reportFailure: failLater });
  const stopSinch = await start('sinch', sinch, sinchFallback);
  const stop = async () => {
    stopping.abort();
    await Promise.all([stopMeta(), stopSinch()]);
  };
  return { calls, faults, observe, report, stop, write: createCustomers({ config, observe, post, now }).write };
};
