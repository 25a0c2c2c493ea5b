import { errorChange } from '../domain/consent.ts';
import type { StatusReport } from '../providers/provider.ts';
import { mayOmitReference } from '../providers/registry.ts';
import { reportLink } from './report-link.ts';
import type { InboundRuntime } from './store.ts';
import type { Webhook } from './webhook.ts';

/** Records the status of an outbound message, and the change of consent that its error implies (R9). */
export const recordStatus = async (
  runtime: InboundRuntime,
  { account, requestId }: Webhook,
  report: StatusReport,
): Promise<void> => {
  const { store, now, log } = runtime;
  const { status: to, ...reported } = report;
  const { channel, atMs, providerMessageId, error } = reported;
  const recorded = await store.recordStatus({
    ...reported,
    to,
    findByProviderId: mayOmitReference(account),
    onLink: reportLink(runtime, { channel, requestId }),
  });
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
