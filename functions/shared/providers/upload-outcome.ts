import type { ProviderError, UploadOutcome } from './provider.ts';
import { type Answer, toRefused } from './send-outcome.ts';

/** Of the largest file. */
export const UPLOAD_TIMEOUT_MS = 45_000;

/** A repeated upload reaches no customer: whatever is not refused for good is tried again. */
export const uploadFailed = (code: string): UploadOutcome => ({
  kind: 'unavailable',
  error: { code, title: 'The provider did not take the file', class: 'retry_now' },
});

/** The outcome of an upload that the provider has refused with an error of its own. */
export const uploadRefused = (answer: Answer, error: ProviderError): UploadOutcome => {
  const outcome = toRefused(answer, error);
  return outcome.kind === 'rejected' || outcome.kind === 'unavailable' ? outcome : uploadFailed(error.code);
};
