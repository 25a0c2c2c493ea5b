import type { Account } from '../shared/domain/config.ts';
import type { TemplateUpdate } from '../shared/providers/provider.ts';
import type { WebhookRuntime } from './runtime.ts';

/** Keeps the registry current; a time ahead of ours would shut out what is told after it. */
export const takeTemplate = async (
  { store, now, log }: WebhookRuntime,
  account: Account,
  { name, language, changedAtMs, change }: TemplateUpdate,
): Promise<void> => {
  const nowMs = now().getTime();
  const atMs = Math.min(changedAtMs ?? nowMs, nowMs);
  const updated = await store.updateTemplate({ account: account.id, name, language, change, atMs, arrivedAtMs: nowMs });
  if (updated === 'changed') log.count('TemplatesChanged');
  if (updated === 'unknown') log.count('TemplatesUnknown');
};
