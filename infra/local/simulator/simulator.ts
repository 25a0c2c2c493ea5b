import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import { createWriteMessage, type WriteMessage } from './customer-messages.ts';
import { createFaultQueue, type FaultQueue } from './fault-queue.ts';
import { createFaults, type Faults } from './faults.ts';
import type { FileShelf } from './file-shelf.ts';
import { createPhone } from './phone.ts';
import { createSendWebhook, type SendWebhook } from './post-webhook.ts';
import { createProviderRecord, type ProviderRecord } from './provider-record.ts';
import { startProviderServer } from './provider-server.ts';
import { createStatusReports, type StatusReports } from './status-reports.ts';
import type { ProviderName, VendorApiDeps } from './vendor.ts';
import { VENDORS, vendorOf } from './vendors.ts';
import { createWebhookFaults } from './webhook-faults.ts';
import { createWireLog, type WireLog } from './wire-log.ts';

export interface SimulatorOptions {
  readonly config: LocalConfig;
  readonly ports: ReadonlyMap<ProviderName, number>;
  /** The service's URL, to which webhooks are posted. */
  readonly serviceUrl: string;
  readonly now: () => Date;
}

/** WhatsApp and the providers on this machine. */
export interface Simulator extends Pick<StatusReports, 'report'> {
  /** Every webhook and every provider call. */
  readonly wire: WireLog;
  readonly calls: CallLog;
  readonly faults: Faults;
  /** Records the customers' messages of a webhook that the service accepted, from any sender. */
  readonly observe: (account: string, body: Uint8Array) => void;
  readonly write: WriteMessage;
  readonly phone: ReturnType<typeof createPhone>;
  /** The files of customers and those that were uploaded. */
  readonly files: Pick<FileShelf, 'find'>;
  /** Sends a webhook as it is, whatever faults there are. */
  readonly send: SendWebhook;
  /** What the providers remember. */
  readonly record: Pick<ProviderRecord, 'save' | 'load'>;
  readonly stop: () => Promise<void>;
}

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
};

const readWebhook = ({ accounts, channels }: LocalConfig, id: string, body: Uint8Array) => {
  const account = accounts.find((candidate) => candidate.id === id);
  if (account === undefined) return [];
  const owned = channels.filter((channel) => channel.account === id);
  return vendorOf(account.provider).readWebhook(parseJson(body), owned);
};

interface StartedProviders {
  readonly queues: ReadonlyMap<ProviderName, FaultQueue>;
  readonly stop: () => Promise<void>;
}

/** Starts each provider on its own port. */
const startProviders = async (
  ports: SimulatorOptions['ports'],
  { wire, ...deps }: Omit<VendorApiDeps, 'faults'> & { readonly wire: WireLog },
): Promise<StartedProviders> => {
  const queues = new Map<ProviderName, FaultQueue>();
  const servers: (() => Promise<void>)[] = [];
  for (const [provider, port] of ports) {
    const faults = createFaultQueue();
    const api = VENDORS[provider].createApi({ ...deps, faults });
    servers.push(await startProviderServer({ ...api, provider, port, wire, faults, now: deps.now }));
    queues.set(provider, faults);
  }
  return { queues, stop: async () => void (await Promise.all(servers.map((stop) => stop()))) };
};

/** Starts the simulated WhatsApp and its providers. */
export const startSimulator = async ({ config, ports, serviceUrl, now }: SimulatorOptions): Promise<Simulator> => {
  const stopping = new AbortController();
  const wire = createWireLog(now);
  const { save, load, ...record } = createProviderRecord(now);
  const { whatsApp, accepted, written, files } = record;
  const send = createSendWebhook(serviceUrl, stopping.signal);
  const webhooks = createWebhookFaults({ send, now });
  const { post } = webhooks;
  const observe = (account: string, body: Uint8Array) => readWebhook(config, account, body).forEach(whatsApp.record);
  const { report, reportLater } = createStatusReports({ config, accepted, post, now, stopped: stopping.signal });
  const providers = await startProviders(ports, { config, ...record, wire, now, reportLater });
  return {
    wire,
    calls: createCallLog(wire),
    faults: createFaults(providers.queues, webhooks),
    observe,
    write: createWriteMessage({ config, files, accepted, written, observe, post, now }),
    phone: createPhone({ accepted, written, now }),
    files,
    report,
    send,
    record: { save, load },
    stop: async () => {
      webhooks.stop();
      stopping.abort();
      await providers.stop();
    },
  };
};
