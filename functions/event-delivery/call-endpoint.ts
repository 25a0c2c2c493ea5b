import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { callOnce, retryAfterSeconds } from '../shared/network/http-call.ts';
import type { SigningSecretSource } from '../shared/runtime/secrets.ts';
import { toRequest } from './to-request.ts';

/** An endpoint that needs longer should acknowledge the event first and process it afterwards. */
const TIMEOUT_MS = 10_000;

export interface EndpointDeps {
  readonly secretsOf: SigningSecretSource;
  readonly now: () => Date;
}

export type DeliveryOutcome =
  | { readonly kind: 'delivered' }
  /** Is retried. The endpoint may have processed the event all the same, and recognises the repeat by its id. */
  | { readonly kind: 'failed'; readonly code: string; readonly retryAfterSeconds?: number | undefined };

const post = async ({ secretsOf, now }: EndpointDeps, message: DeliveryMessage): Promise<DeliveryOutcome> => {
  const { channel, url } = message;
  const secrets = await secretsOf(channel, url);
  const call = await callOnce({
    url,
    ...toRequest(message, secrets, now()),
    timeoutMs: TIMEOUT_MS,
    readsBody: false,
  });
  if (call.kind !== 'answered') return { kind: 'failed', code: call.code };
  const { status, headers } = call;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  return { kind: 'failed', code: `http_${status}`, retryAfterSeconds: retryAfterSeconds(headers) };
};

/** Posts an event to its endpoint once, always signed: without its signing secrets the call fails. Never throws. */
export const callEndpoint = (deps: EndpointDeps, message: DeliveryMessage): Promise<DeliveryOutcome> =>
  post(deps, message).catch((fault: unknown) => ({
    kind: 'failed',
    code: `unsigned_${fault instanceof Error ? fault.name : 'unreadable'}`,
  }));
