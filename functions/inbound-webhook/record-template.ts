import type { Account } from '../shared/domain/config.ts';
import type { TemplateUpdate } from '../shared/providers/provider.ts';
import type { WebhookRuntime } from './runtime.ts';

/** Updates the registered template; a time in the future counts as now, so that it does not outrank later updates. */
export const recordTemplate = async (
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
