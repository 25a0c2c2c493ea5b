import type { SendOutcome } from './provider.ts';

/** Without its secrets an account sends nothing; the code names the fault that stood in the way. */
export const toSecretsFailure = (fault: unknown): Extract<SendOutcome, { kind: 'unavailable' }> => ({
  kind: 'unavailable',
  error: {
    code: `secrets_${fault instanceof Error ? fault.name : 'unreadable'}`,
    title: 'The secrets of the account cannot be read',
    class: 'retry_now',
  },
});
