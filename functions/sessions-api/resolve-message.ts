import * as z from 'zod';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { parseBody } from '../shared/http/request.ts';
import type { Responder } from '../shared/http/serve-routes.ts';
import type { OutboundItem } from '../shared/store/items.ts';
import { answerMessage, findMessage, UNKNOWN_MESSAGE } from './show-message.ts';
import type { StoreRuntime } from './store.ts';

/** The outcome that an operator has found for a send in doubt. */
export const Resolution = z.strictObject({ outcome: z.enum(['sent', 'not_sent']) }).meta({ id: 'Resolution' });

const STATUS = { sent: 'sent', not_sent: 'failed' } as const;

/** Refuses a message whose outcome is known, or still to be written by the request that sends it. */
const refuse = (message: OutboundItem, to: 'sent' | 'failed', now: Date): ProblemDetails | undefined => {
  if (message.status === 'in_doubt' || message.status === to) return undefined;
  if (message.status !== 'accepted')
    return {
      code: 'message_settled',
      detail: `The message has the status ${message.status}: only a send in doubt can be resolved.`,
      id: message.id,
    };
  return now.getTime() < message.leaseUntil
    ? {
        code: 'idempotency_in_progress',
        detail: 'The request that sends this message is still running: read the message again after Retry-After.',
        retryAfterSeconds: Math.ceil((message.leaseUntil - now.getTime()) / 1000),
        id: message.id,
      }
    : undefined;
};

/** Records an operator's outcome of a send in doubt; a later status of the provider overrides it (R12). */
export const resolveMessage: Responder<StoreRuntime> = async (runtime, event) => {
  const resolution = parseBody(Resolution, event);
  if (!resolution.ok) return resolution.problem;
  const found = await findMessage(runtime, event);
  if (!found.ok) return found.problem;
  const to = STATUS[resolution.value.outcome];
  const refused = refuse(found.value.message, to, runtime.now());
  if (refused !== undefined) return refused;
  const message = await runtime.store.resolveSend(found.value, to, runtime.now());
  return message === undefined ? UNKNOWN_MESSAGE : answerMessage(runtime, { ...found.value, message });
};
