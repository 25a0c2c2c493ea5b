import * as z from 'zod';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { parseBody } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import type { OutboundItem } from '../shared/store/items.ts';
import type { Responder } from './addressed.ts';
import { toMessageView } from './message-view.ts';
import { UNKNOWN_MESSAGE } from './thread.ts';

/** What a person has found out about a send in doubt. */
export const Resolution = z.strictObject({ outcome: z.enum(['sent', 'not_sent']) }).meta({ id: 'Resolution' });

const STATUS = { sent: 'sent', not_sent: 'failed' } as const;

/** Why a message cannot be settled by hand, if it cannot. */
const refuse = (message: OutboundItem, to: 'sent' | 'failed', now: Date): ProblemDetails | undefined => {
  if (message.status === 'in_doubt' || message.status === to) return undefined;
  if (message.status !== 'accepted')
    return {
      code: 'message_settled',
      detail: `The message is known to be ${message.status}: only a send in doubt can be settled by hand.`,
      id: message.id,
    };
  return now.getTime() < message.leaseUntil
    ? {
        code: 'idempotency_in_progress',
        detail: 'The send is still running: its outcome will be known in a moment.',
        retryAfterSeconds: Math.ceil((message.leaseUntil - now.getTime()) / 1000),
        id: message.id,
      }
    : undefined;
};

/** Settles a send in doubt by a person's word, which a later status of the provider overrides (R12). */
export const resolveMessage: Responder = async ({ store, now }, event) => {
  const resolution = parseBody(Resolution, event);
  if (!resolution.ok) return resolution.problem;
  const found = await store.findMessage(event.pathParameters?.['id'] ?? '');
  if (found === undefined) return UNKNOWN_MESSAGE;
  const to = STATUS[resolution.value.outcome];
  const refused = refuse(found.message, to, now());
  if (refused !== undefined) return refused;
  const message = await store.resolveSend(found, to, now());
  return json(200, { ...toMessageView(message), channel: found.channel, customer: found.customer });
};
