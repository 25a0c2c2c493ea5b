import { customerOf } from '../domain/customer.ts';
import type { ConsentReport } from '../providers/provider.ts';
import { linkIdentities } from './link-identities.ts';
import type { InboundRuntime } from './store.ts';
import type { Webhook } from './webhook.ts';

/** Records a change of consent that the provider reports. */
export const recordConsent = async (
  runtime: InboundRuntime,
  { requestId }: Webhook,
  { channel, identities, change }: ConsentReport,
): Promise<void> => {
  const { store, now, log } = runtime;
  const reported = { identities, at: change.effectiveAt, learnedFrom: 'preference' } as const;
  await linkIdentities(runtime, { channel, requestId }, reported);
  const { userId } = identities;
  const { kind } = await store.recordConsent({ channel, customer: customerOf(identities), userId, change, now: now() });
  if (kind === 'applied') log.count('ConsentsChanged');
};
