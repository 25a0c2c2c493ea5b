import type { Channel } from '../shared/domain/config.ts';
import { SendRequest } from '../shared/domain/content.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import { type Parsed, parseBody } from '../shared/http/request.ts';
import { hashRequest, readIdempotencyKey, toMessageId } from './idempotency-key.ts';
import type { SendRuntime } from './runtime.ts';

/** A valid request and the channel that it names. */
export interface ChannelRequest {
  readonly channel: Channel;
  readonly request: SendRequest;
}

/** A request to send, under the id of its message. */
export interface IdentifiedRequest extends ChannelRequest {
  readonly id: string;
  /** The same id when it is derived from an Idempotency-Key, so that an earlier request may have claimed it. */
  readonly keyedId: string | undefined;
  readonly requestHash: string;
}

/** Reads the body of a request to send or to check. */
export const readRequest = (runtime: SendRuntime, event: HttpEvent): Parsed<ChannelRequest> => {
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

/** Reads a request to send: its body, then its Idempotency-Key. */
export const readIdentifiedRequest = (runtime: SendRuntime, event: HttpEvent): Parsed<IdentifiedRequest> => {
  const read = readRequest(runtime, event);
  if (!read.ok) return read;
  const key = readIdempotencyKey(event);
  if (!key.ok) return key;
  const { channel, request } = read.value;
  const keyedId = key.value === undefined ? undefined : toMessageId(channel.id, key.value);
  const id = keyedId ?? `msg_${runtime.newId()}`;
  return { ok: true, value: { channel, request, id, keyedId, requestHash: hashRequest(request) } };
};
