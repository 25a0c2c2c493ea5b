import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { callOnce, retryAfterSeconds } from '../shared/network/http-call.ts';
import type { SigningSecretSource } from '../shared/runtime/secrets.ts';
import { toRequest } from './to-request.ts';

/** An endpoint that needs longer should take the event and work on it afterwards. */
const TIMEOUT_MS = 10_000;

export interface AttemptDeps {
  readonly secretsOf: SigningSecretSource;
  readonly now: () => Date;
}

export type Attempted =
  | { readonly kind: 'delivered' }
  /** To be tried again: the endpoint may have taken it all the same, and knows it by its id. */
  | { readonly kind: 'failed'; readonly code: string; readonly retryAfterSeconds?: number | undefined };

const post = async ({ secretsOf, now }: AttemptDeps, message: DeliveryMessage): Promise<Attempted> => {
  const secrets = await secretsOf(message.channel, message.url);
  const { url } = message;
  const answer = await callOnce({
    url,
    ...toRequest(message, secrets, now()),
    timeoutMs: TIMEOUT_MS,
    readsBody: false,
  });
  if (answer.kind !== 'answered') return { kind: 'failed', code: answer.code };
  const { status, headers } = answer;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  return { kind: 'failed', code: `http_${status}`, retryAfterSeconds: retryAfterSeconds(headers) };
};

/** Sends an event once to its endpoint, signed or not at all: without its secrets the attempt has failed. Never throws. */
export const attempt = (deps: AttemptDeps, message: DeliveryMessage): Promise<Attempted> =>
  post(deps, message).catch((fault: unknown) => ({
    kind: 'failed',
    code: `unsigned_${fault instanceof Error ? fault.name : 'unreadable'}`,
  }));
