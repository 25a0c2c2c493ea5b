import { customerOf } from '../shared/domain/customer.ts';
import type { ConsentReport } from '../shared/providers/provider.ts';
import type { WebhookRuntime } from './runtime.ts';

/** Records what the provider tells of a customer's consent. */
export const takeConsent = async (
  { store, now, log }: WebhookRuntime,
  { channel, identities, change }: ConsentReport,
): Promise<void> => {
  const { kind } = await store.recordConsent({ channel, customer: customerOf(identities), change, now: now() });
  if (kind === 'applied') log.count('ConsentsChanged');
};
