import * as z from 'zod';
import type { HttpEvent } from '../shared/http/handler.ts';
import { type ChannelCustomer, readCustomer, readMessageId } from '../shared/http/path-parameters.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { type Parsed, parseBody, parseWith } from '../shared/http/request.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import { repeatableProblem } from './repeatable-problem.ts';
import type { SendRuntime } from './runtime.ts';

export const ReadRequest = z
  .strictObject({
    typing: z
      .boolean()
      .default(false)
      .meta({ description: 'Also shows that an answer is being written, until it is sent and for 25 seconds at most' }),
  })
  .meta({ id: 'ReadRequest' });

export const ReadAnswer = z.object({ read: z.literal(true), typing: z.boolean() }).meta({ id: 'ReadAnswer' });

interface Receipt extends ChannelCustomer {
  readonly typing: boolean;
}

const readReceipt = (runtime: SendRuntime, event: HttpEvent): Parsed<Receipt> => {
  const named = readCustomer(runtime, event);
  if (!named.ok) return named;
  const body = event.body ? parseBody(ReadRequest, event) : parseWith(ReadRequest, {});
  return body.ok ? { ok: true, value: { ...named.value, ...body.value } } : body;
};

const UNKNOWN: ProblemDetails = {
  code: 'unknown_message',
  detail: 'The thread of this customer has no message of theirs with this id: only messages of customers can be read.',
};

/** Marks a customer's message, and those before it, as read; writes nothing, so that it opens and extends nothing (R5). */
export const markRead = async (runtime: SendRuntime, event: HttpEvent): Promise<Answer> => {
  const receipt = readReceipt(runtime, event);
  if (!receipt.ok) return receipt.problem;
  const { channel, customer, typing } = receipt.value;
  const id = readMessageId(event);
  const found = await runtime.store.findInThread({ channel: channel.id, customer, id });
  if (found?.message.direction !== 'inbound') return UNKNOWN;
  const outcome = await runtime
    .senderOf(channel)
    .markRead({ channel, customer: found.customer, messageId: id, typing });
  if (outcome.kind === 'done') return json(200, { read: true, typing } satisfies z.infer<typeof ReadAnswer>);
  if ('error' in outcome) {
    const { code: provider, class: class_ } = outcome.error;
    runtime.log.warn('outbound-send.read-failed', { channel: channel.id, provider, class: class_ });
    runtime.log.count('ProviderErrors', 1, { class: class_ });
  }
  return repeatableProblem(outcome, 'mark the message as read');
};
