import { FAULT_KINDS, type Fault, type FaultKind, type FaultQueue } from './fault-queue.ts';
import type { HeldWebhook } from './held-webhooks.ts';
import type { ProviderName } from './vendor.ts';
import type { WebhookFault } from './webhook-fault.ts';
import type { FaultMatch, WebhookFaults } from './webhook-faults.ts';

/** A failure of the API of a provider, or a fault of its webhooks. */
export type ProviderFault = (Fault & { readonly provider: ProviderName }) | WebhookFault;

/** The faults of every provider. */
export interface Faults {
  readonly add: (fault: ProviderFault) => void;
  /** Those still to come, by provider, in their order. */
  readonly list: () => readonly ProviderFault[];
  /** The webhooks that faults hold back. */
  readonly held: () => readonly HeldWebhook[];
  /** Ends the faults that match, and posts what they hold back. */
  readonly remove: (matches: FaultMatch) => Promise<void>;
}

const isOfApi = (kind: ProviderFault['kind']): kind is FaultKind => FAULT_KINDS.some((known) => known === kind);

export const createFaults = (queues: ReadonlyMap<ProviderName, FaultQueue>, webhooks: WebhookFaults): Faults => ({
  add: ({ kind, ...fault }) =>
    isOfApi(kind) ? queues.get(fault.provider)?.add(kind, fault.times) : webhooks.add({ ...fault, kind }),
  list: () => [
    ...[...queues].flatMap(([provider, queue]) => queue.list().map((fault) => ({ provider, ...fault }))),
    ...webhooks.list(),
  ],
  held: webhooks.held,
  remove: async (matches) => {
    for (const [provider, queue] of queues) queue.remove((kind) => matches({ provider, kind }));
    await webhooks.remove(matches);
  },
});
