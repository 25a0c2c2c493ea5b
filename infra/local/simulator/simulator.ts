import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import { createAcceptedMessages } from './accepted-messages.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import { createWriteMessage, type WriteMessage } from './customer-messages.ts';
import { createFaultQueue, type Fault, type FaultQueue } from './fault-queue.ts';
import { createFileShelf, type FileShelf } from './file-shelf.ts';
import { createPhone } from './phone.ts';
import { createPostWebhook } from './post-webhook.ts';
import { startProviderServer } from './provider-server.ts';
import { createStatusReports, type StatusReports } from './status-reports.ts';
import type { ProviderName } from './vendor.ts';
import { VENDORS, vendorOf } from './vendors.ts';
import { createWhatsApp } from './whatsapp.ts';
import { createWrittenMessages } from './written-messages.ts';

export interface SimulatorOptions {
  readonly config: LocalConfig;
  readonly ports: ReadonlyMap<ProviderName, number>;
  /** The service's URL, to which webhooks are posted. */
  readonly serviceUrl: string;
  readonly now: () => Date;
}

interface ProviderFault extends Fault {
  readonly provider: ProviderName;
}

/** The failures of every provider. */
interface Faults {
  readonly add: (fault: ProviderFault) => void;
  /** Those still to come, by provider, in their order. */
  readonly list: () => readonly ProviderFault[];
  readonly clear: () => void;
}

const faultsOf = (queues: ReadonlyMap<ProviderName, FaultQueue>): Faults => ({
  add: ({ provider, kind, times }) => queues.get(provider)?.add(kind, times),
  list: () => [...queues].flatMap(([provider, queue]) => queue.list().map((fault) => ({ provider, ...fault }))),
  clear: () => {
    for (const queue of queues.values()) queue.clear();
  },
});

/** WhatsApp and the providers on this machine. */
export interface Simulator extends Pick<StatusReports, 'report'> {
  readonly calls: CallLog;
  readonly faults: Faults;
  /** Records the customers' messages of a webhook that the service accepted, from any sender. */
  readonly observe: (account: string, body: Uint8Array) => void;
  readonly write: WriteMessage;
  readonly phone: ReturnType<typeof createPhone>;
  /** The files of customers and those that were uploaded. */
  readonly files: Pick<FileShelf, 'find'>;
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

/** Starts the simulated providers, each on its own port. */
export const startSimulator = async ({ config, ports, serviceUrl, now }: SimulatorOptions): Promise<Simulator> => {
  const stopping = new AbortController();
  const calls = createCallLog(now);
  const whatsApp = createWhatsApp(now);
  const accepted = createAcceptedMessages();
  const written = createWrittenMessages(now);
  const files = createFileShelf();
  const post = createPostWebhook(serviceUrl, stopping.signal);
  const observe = (account: string, body: Uint8Array) => readWebhook(config, account, body).forEach(whatsApp.record);
  const { report, reportLater } = createStatusReports({ config, accepted, post, now, stopped: stopping.signal });
  const faultQueues = new Map<ProviderName, FaultQueue>();
  const servers: (() => Promise<void>)[] = [];
  for (const [provider, port] of ports) {
    const faults = createFaultQueue();
    const api = VENDORS[provider].createApi({ config, whatsApp, accepted, written, faults, files, now, reportLater });
    servers.push(await startProviderServer({ ...api, provider, port, calls, faults, now }));
    faultQueues.set(provider, faults);
  }
  return {
    calls,
    faults: faultsOf(faultQueues),
    observe,
    write: createWriteMessage({ config, files, accepted, written, observe, post, now }),
    phone: createPhone({ accepted, written, now }),
    files,
    report,
    stop: async () => {
      stopping.abort();
      await Promise.all(servers.map((stop) => stop()));
    },
  };
};
