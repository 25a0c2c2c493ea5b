import { type ProblemDetails, REPLAYED } from '../shared/http/problem.ts';
import type { Answer } from '../shared/http/respond.ts';
import type { OutboundItem, SendItem } from '../shared/store/items.ts';
import { hasClaimEnded } from '../shared/store/message/claim-send.ts';
import type { FoundMessage } from '../shared/store/message/find-message.ts';
import { toView } from './decide.ts';
import type { DecisionInput } from './load-state.ts';
import { toRejection } from './outcome.ts';
import type { IdentifiedRequest } from './read-request.ts';
import type { SendRuntime } from './runtime.ts';
import { type AnswerBase, answerSent } from './send-answer.ts';

const MISMATCH: ProblemDetails = {
  code: 'idempotency_mismatch',
  detail: 'This Idempotency-Key was used for another request on this channel: use a new key for a new message.',
};

const NOT_SENT: ProblemDetails = {
  code: 'message_settled',
  detail: 'An operator recorded that the message of this Idempotency-Key was not sent: use a new key to send it.',
  replayed: true,
};

/** The record of a claim is written with it and lives as long: it was erased with its customer, or deleted by hand. */
const LOST: ProblemDetails = {
  code: 'unknown_message',
  detail:
    'The message of this Idempotency-Key is no longer stored, so that it is unknown whether it was sent: use a new key to send it.',
};

const inProgress = (id: string): ProblemDetails => ({
  code: 'idempotency_in_progress',
  detail:
    'The first request with this Idempotency-Key is still running: repeat it after Retry-After to get its answer.',
  retryAfterSeconds: 2,
  id,
});

/** Reads the outcome of the record; a record whose lease has ended without an outcome becomes in doubt (R11). */
const readOutcome = async (
  { store, now }: SendRuntime,
  found: FoundMessage,
): Promise<OutboundItem | 'running' | undefined> => {
  const { message } = found;
  if (message.status !== 'accepted') return message;
  return now().getTime() < message.leaseUntil ? 'running' : store.markInDoubt(found, now());
};

const toReplay = (message: OutboundItem, base: AnswerBase): Answer => {
  const last = message.statuses.at(-1);
  if (message.status === 'failed' && last?.by === 'operator') return { ...NOT_SENT, id: message.id };
  if (message.status === 'failed') {
    const error = last?.error ?? { code: 'unknown', title: 'The message failed', class: 'never' };
    return { ...toRejection(error, base), replayed: true };
  }
  const status = message.status === 'accepted' ? 'in_doubt' : message.status;
  const answer = answerSent(base, status, message.providerMessageId);
  return { ...answer, headers: { ...answer.headers, ...REPLAYED } };
};

/** Whether the claim is of another request; of an erased one that is not known any more. */
const isOfAnother = (claim: SendItem, requestHash: string): boolean =>
  !('erased' in claim) && claim.requestHash !== requestHash;

/**
 * Answers a repeat under the same key from the record of the first request (R11); `undefined` when there is no such
 * request, its key's life has ended, or nothing of it reached the provider, so that the request is decided.
 */
export const replay = async (
  runtime: SendRuntime,
  { id, requestHash }: IdentifiedRequest,
  input: DecisionInput,
): Promise<Answer | undefined> => {
  const { claim } = input.state;
  if (claim === undefined) return undefined;
  if (isOfAnother(claim, requestHash)) return MISMATCH;
  const found = await runtime.store.findMessage(id);
  if (found?.message.released) return undefined;
  const message = found && (await readOutcome(runtime, found));
  if (message === undefined) return hasClaimEnded(claim, input.now) ? undefined : { ...LOST, id };
  if (message === 'running') return inProgress(id);
  runtime.log.count('SendsReplayed');
  return toReplay(message, {
    id,
    sentAs: message.sentAs,
    usedReengagement: message.decision.usesReengagement,
    usedFallback: input.request.content.type !== 'template' && message.sentAs === 'template',
    session: toView(input),
  });
};
