import type { Account } from '../domain/config.ts';
import type { TemplateUpdate } from '../providers/provider.ts';
import type { InboundRuntime } from './store.ts';

/** Updates the registered template; a time in the future counts as now, so that it does not outrank later updates. */
export const recordTemplate = async (
  { store, now, log }: InboundRuntime,
  account: Account,
  { name, language, changedAtMs, change }: TemplateUpdate,
): Promise<void> => {
  const nowMs = now().getTime();
  const atMs = Math.min(changedAtMs ?? nowMs, nowMs);
  const updated = await store.updateTemplate({ account: account.id, name, language, change, atMs, arrivedAtMs: nowMs });
  if (updated === 'changed') log.count('TemplatesChanged');
  if (updated === 'unknown') log.count('TemplatesUnknown');
};
