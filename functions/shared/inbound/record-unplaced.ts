import type { WebhookItem } from '../providers/provider.ts';
import type { InboundRuntime } from './store.ts';
import type { Webhook } from './webhook.ts';

type Unplaced = Extract<WebhookItem, { kind: 'malformed' | 'quarantined' }>;

const METRICS = { malformed: 'ItemsMalformed', quarantined: 'ItemsQuarantined' } as const;

/** Keeps what a customer may have written and no rule can place, and reports it under the id of what is kept (R4). */
export const recordUnplaced = async (
  { store, now, log }: InboundRuntime,
  { account, requestId }: Webhook,
  { kind, reason, kept }: Unplaced,
): Promise<void> => {
  log.count(METRICS[kind]);
  if (kept === undefined) return log.warn(`inbound-webhook.${kind}`, { account: account.id, reason });
  const unplaced = await store.keepUnplaced({ account: account.id, reason, requestId, now: now(), ...kept });
  log.warn(`inbound-webhook.${kind}`, { account: account.id, reason, unplaced });
  log.count('ItemsUnplaced');
};
