import * as z from 'zod';
import type { Channel } from '../shared/domain/config.ts';
import { type CustomerKey, CustomerName } from '../shared/domain/customer.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { type Parsed, parseBody, parseWith } from '../shared/http/request.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import { NEXT_ACTION, type ReadOutcome } from '../shared/providers/provider.ts';
import { RETRY_AFTER_SECONDS } from './outcome.ts';
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

interface Receipt {
  readonly channel: Channel;
  readonly customer: CustomerKey;
  readonly typing: boolean;
}

const readReceipt = (runtime: SendRuntime, event: HttpEvent): Parsed<Receipt> => {
  const { pathParameters } = event;
  const channel = runtime.channel(pathParameters?.['channel']);
  if (channel === undefined)
    return { ok: false, problem: { code: 'unknown_channel', detail: 'No channel has the id in the path.' } };
  const named = parseWith(z.object({ customer: CustomerName }), { customer: pathParameters?.['customer'] });
  if (!named.ok) return named;
  const body = event.body ? parseBody(ReadRequest, event) : parseWith(ReadRequest, {});
  return body.ok ? { ok: true, value: { channel, ...named.value, ...body.value } } : body;
};

const UNKNOWN: ProblemDetails = {
  code: 'unknown_message',
  detail: 'The thread of this customer has no message of theirs with this id: only messages of customers can be read.',
};

const toProblem = (outcome: Exclude<ReadOutcome, { readonly kind: 'marked' }>): ProblemDetails => {
  if (outcome.kind === 'unsupported') {
    const { path, message } = outcome.unsupported;
    return { code: 'unsupported_by_provider', detail: message, errors: [{ path, message }] };
  }
  const { code, title, class: class_ } = outcome.error;
  const provider = { code, title };
  if (outcome.kind === 'rejected')
    return {
      code: 'provider_rejected',
      detail: `The provider did not mark the message as read, with code ${code}.`,
      nextAction: NEXT_ACTION[class_],
      provider,
    };
  return {
    code: class_ === 'retry_later' ? 'provider_rate_limited' : 'provider_unavailable',
    detail:
      'The provider did not mark the message as read: repeat the call after Retry-After, which changes nothing else.',
    retryAfterSeconds: outcome.retryAfterSeconds ?? RETRY_AFTER_SECONDS,
    provider,
  };
};

/** Marks a customer's message, and those before it, as read; writes nothing, so that it opens and extends nothing (R5). */
export const markRead = async (runtime: SendRuntime, event: HttpEvent): Promise<Answer> => {
  const receipt = readReceipt(runtime, event);
  if (!receipt.ok) return receipt.problem;
  const { channel, customer, typing } = receipt.value;
  const message = await runtime.store.findInbound({
    channel: channel.id,
    customer,
    id: event.pathParameters?.['id'] ?? '',
  });
  if (message === undefined) return UNKNOWN;
  const outcome = await runtime.senderOf(channel).markRead({ channel, customer, messageId: message.id, typing });
  if (outcome.kind === 'marked') return json(200, { read: true, typing } satisfies z.infer<typeof ReadAnswer>);
  if ('error' in outcome) {
    const { code: provider, class: class_ } = outcome.error;
    runtime.log.warn('outbound-send.read-failed', { channel: channel.id, provider, class: class_ });
    runtime.log.count('ProviderErrors', 1, { class: class_ });
  }
  return toProblem(outcome);
};
