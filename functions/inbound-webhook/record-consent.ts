import { customerOf } from '../shared/domain/customer.ts';
import type { ConsentReport } from '../shared/providers/provider.ts';
import type { WebhookRuntime } from './runtime.ts';

/** Records a change of consent that the provider reports. */
export const recordConsent = async (
  { store, now, log }: WebhookRuntime,
  { channel, identities, change }: ConsentReport,
): Promise<void> => {
  const { kind } = await store.recordConsent({ channel, customer: customerOf(identities), change, now: now() });
  if (kind === 'applied') log.count('ConsentsChanged');
};
