import { customerOf } from '../domain/customer.ts';
import type { ConsentReport } from '../providers/provider.ts';
import type { InboundRuntime } from './store.ts';

/** Records a change of consent that the provider reports. */
export const recordConsent = async (
  { store, now, log }: InboundRuntime,
  { channel, identities, change }: ConsentReport,
): Promise<void> => {
  const { kind } = await store.recordConsent({ channel, customer: customerOf(identities), change, now: now() });
  if (kind === 'applied') log.count('ConsentsChanged');
};
