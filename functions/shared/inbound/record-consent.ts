import { customerOf } from '../domain/customer.ts';
import { ownName } from '../domain/names.ts';
import type { ConsentReport } from '../providers/provider.ts';
import { reportLink } from './report-link.ts';
import type { InboundRuntime } from './store.ts';

/** Records a change of consent that the provider reports. */
export const recordConsent = async (
  runtime: InboundRuntime,
  { channel, identities, change }: ConsentReport,
): Promise<void> => {
  const { store, now, log } = runtime;
  const { phone, userId } = identities;
  if (phone !== undefined && userId !== undefined) {
    const names = [ownName(phone), ownName(userId)];
    const link = { channel, names, at: change.effectiveAt, learnedFrom: 'preference' } as const;
    reportLink(runtime, channel)(await store.linkNames({ link, now: now() }));
  }
  const { kind } = await store.recordConsent({ channel, customer: customerOf(identities), userId, change, now: now() });
  if (kind === 'applied') log.count('ConsentsChanged');
};
