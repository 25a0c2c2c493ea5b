import type { ProviderName } from './vendor.ts';

/** What a provider can do with a webhook instead of posting it once. */
export const WEBHOOK_FAULT_KINDS = ['webhook_duplicate', 'webhook_late', 'webhook_reordered', 'webhook_batch'] as const;
export type WebhookFaultKind = (typeof WEBHOOK_FAULT_KINDS)[number];

/** A fault of the next webhooks of a provider. */
export interface WebhookFault {
  readonly provider: ProviderName;
  readonly kind: WebhookFaultKind;
  /** How many webhooks it concerns; a batch gathers as many in one body. */
  readonly times: number;
  /** How late they are, by the service's clock. */
  readonly seconds?: number | undefined;
}

/** The webhook faults still to come, of every provider, in their order. */
export const createPendingFaults = () => {
  let pending: readonly WebhookFault[] = [];
  const next = (wanted: ProviderName): WebhookFault | undefined => pending.find(({ provider }) => provider === wanted);
  return {
    next,
    /** Counts the next fault of a provider down by one. */
    take: (provider: ProviderName): WebhookFault | undefined => {
      const taken = next(provider);
      pending = pending.flatMap((fault) => {
        if (fault !== taken) return [fault];
        return fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
      });
      return taken;
    },
    add: (fault: WebhookFault): void => {
      pending = [...pending, fault];
    },
    list: () => pending,
    remove: (matches: (fault: WebhookFault) => boolean): void => {
      pending = pending.filter((fault) => !matches(fault));
    },
  };
};
export type PendingFaults = ReturnType<typeof createPendingFaults>;
