import { errorChange } from '../shared/domain/consent.ts';
import type { StatusReport } from '../shared/providers/provider.ts';
import type { WebhookRuntime } from './runtime.ts';

/** Records the status of an outbound message, and the change of consent that its error implies (R9). */
export const recordStatus = async ({ store, now, log }: WebhookRuntime, report: StatusReport): Promise<void> => {
  const { channel, reference, status: to, atMs, providerMessageId, error, pricing } = report;
  const recorded = await store.recordStatus({ channel, reference, to, atMs, providerMessageId, error, pricing });
  if (recorded.kind === 'unknown_message') return log.count('StatusesUnknown');
  if (recorded.kind === 'updated') {
    const provider = error === undefined ? {} : { provider: error.code, class: error.class };
    log.info('inbound-webhook.status', { channel, messageId: recorded.messageId, status: to, ...provider });
    log.count('StatusesMoved');
    if (error !== undefined) log.count('ProviderErrors', 1, { class: error.class });
  }
  if (recorded.windowClosed) log.count('ProviderDisagreements');
  const change =
    error === undefined ? undefined : errorChange({ messageId: providerMessageId, code: error.code, atMs });
  if (change === undefined) return;
  const { kind } = await store.recordConsent({
    channel,
    customer: recorded.customer,
    message: recorded.key,
    change,
    now: now(),
  });
  if (kind === 'applied') log.count('ConsentsChanged');
};
