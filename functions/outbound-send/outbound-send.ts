import type { Channel } from '../shared/domain/config.ts';
import { SendRequest } from '../shared/domain/content.ts';
import type { HttpEvent, HttpHandler, HttpResponse } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { type Parsed, parseBody } from '../shared/http/request.ts';
import { serve } from '../shared/http/respond.ts';
import { checkMessage } from './check.ts';
import { hashRequest, readIdempotencyKey, toMessageId } from './idempotency-key.ts';
import type { SendRuntime } from './runtime.ts';
import { sendMessage } from './send.ts';

interface Asked {
  readonly channel: Channel;
  readonly request: SendRequest;
}

const readRequest = (runtime: SendRuntime, event: HttpEvent): Parsed<Asked> => {
  const request = parseBody(SendRequest, event);
  if (!request.ok) return request;
  const channel = runtime.channel(request.value.channel);
  if (channel !== undefined) return { ok: true, value: { channel, request: request.value } };
  return {
    ok: false,
    problem: {
      code: 'unknown_channel',
      detail: `No channel has the id "${request.value.channel}".`,
      errors: [{ path: 'channel', message: 'is not the id of a configured channel' }],
    },
  };
};

const send = async (runtime: SendRuntime, { channel, request }: Asked, event: HttpEvent) => {
  const key = readIdempotencyKey(event);
  if (!key.ok) return key.problem;
  const isKeyed = key.value !== undefined;
  const id = key.value === undefined ? `msg_${runtime.newId()}` : toMessageId(channel.id, key.value);
  return sendMessage(runtime, { channel, request, id, isKeyed, requestHash: hashRequest(request) });
};

/** Sends while the rules allow it, and otherwise refuses with the reason and the way out, without a provider call. */
export const createOutboundSend = (runtime: SendRuntime): HttpHandler =>
  serve(runtime.log, async (event): Promise<HttpResponse | ProblemDetails> => {
    const asked = readRequest(runtime, event);
    if (!asked.ok) return asked.problem;
    return event.routeKey === 'POST /v1/messages/check'
      ? checkMessage(runtime, asked.value.channel, asked.value.request)
      : send(runtime, asked.value, event);
  });
