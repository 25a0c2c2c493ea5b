import type { HttpResponse } from '../shared/http/handler.ts';
import { type ProblemDetails, REPLAYED } from '../shared/http/problem.ts';
import type { OutboundItem } from '../shared/store/items.ts';
import type { FoundMessage } from '../shared/store/message/read-thread.ts';
import { type Attempted, toRejection, toSent } from './answer.ts';
import { type Case, viewOf } from './decide.ts';
import type { SendRuntime } from './runtime.ts';

const MISMATCH: ProblemDetails = {
  code: 'idempotency_mismatch',
  detail: 'This Idempotency-Key was used for another request on this channel: take a new key for a new message.',
};

const NOT_SENT: ProblemDetails = {
  code: 'message_settled',
  detail: 'A person found that the message of this Idempotency-Key was not sent: take a new key to send it.',
  replayed: true,
};

const inProgress = (id: string): ProblemDetails => ({
  code: 'idempotency_in_progress',
  detail: 'The first request under this Idempotency-Key is still running: repeat it in a moment to get its answer.',
  retryAfterSeconds: 2,
  id,
});

/** The outcome of the record; one whose lease ran out without an outcome is in doubt (R11). */
const settle = async (
  { store, now }: SendRuntime,
  { key, message }: FoundMessage,
): Promise<OutboundItem | 'running'> => {
  if (message.status !== 'accepted') return message;
  return now().getTime() < message.leaseUntil ? 'running' : store.markInDoubt(key, now());
};

const toReplay = (message: OutboundItem, attempted: Attempted): HttpResponse | ProblemDetails => {
  const error = message.statuses.at(-1)?.error;
  if (message.status === 'failed' && message.statuses.at(-1)?.by === 'operator') return { ...NOT_SENT, id: message.id };
  if (message.status === 'failed')
    return {
      ...toRejection(error ?? { code: 'unknown', title: 'The message failed', class: 'never' }, attempted),
      replayed: true,
    };
  const status = message.status === 'accepted' ? 'in_doubt' : message.status;
  const answer = toSent(attempted, status, message.providerMessageId);
  return { ...answer, headers: { ...answer.headers, ...REPLAYED } };
};

/**
 * Answers a repeat under the same key from the record of the first request (R11); `undefined` where nothing of it
 * reached the provider, so that the same id is used again.
 */
export const replay = async (
  runtime: SendRuntime,
  decided: Case,
  request: { readonly id: string; readonly requestHash: string },
): Promise<HttpResponse | ProblemDetails | undefined> => {
  if (decided.state.claim?.requestHash !== request.requestHash) return MISMATCH;
  const found = await runtime.store.findMessage(request.id);
  if (found === undefined || found.message.released) return undefined;
  const message = await settle(runtime, found);
  if (message === 'running') return inProgress(request.id);
  runtime.log.count('SendsReplayed');
  return toReplay(message, {
    id: request.id,
    sentAs: message.sentAs,
    usedReengagement: message.decision.usesReengagement,
    usedFallback: decided.request.content.type !== 'template' && message.sentAs === 'template',
    session: viewOf(decided),
  });
};
