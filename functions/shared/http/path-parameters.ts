import * as z from 'zod';
import type { Channel } from '../domain/config.ts';
import { type CustomerKey, CustomerName } from '../domain/customer.ts';
import type { HttpEvent } from './handler.ts';
import { type Parsed, parseWith } from './request.ts';

/** The part of a runtime that knows the channels. */
interface Channels {
  readonly channel: (id: string | undefined) => Channel | undefined;
}

/** A customer of a channel, as the path names them. */
export interface ChannelCustomer {
  readonly channel: Channel;
  readonly customer: CustomerKey;
}

/**
 * API Gateway decodes a path before it matches it, so that a `/` in a name must be encoded twice; what is left of that is
 * decoded here. No name and no id of a provider has a `%`.
 */
const withSlashes = (parameter: string | undefined): string | undefined => parameter?.replaceAll(/%2f/gi, '/');

/** Reads the channel of a route below `/v1/channels/{channel}`. */
export const readChannel = (runtime: Channels, { pathParameters }: HttpEvent): Parsed<Channel> => {
  const channel = runtime.channel(pathParameters?.['channel']);
  return channel === undefined
    ? { ok: false, problem: { code: 'unknown_channel', detail: 'No channel has the id in the path.' } }
    : { ok: true, value: channel };
};

/** Reads the customer of a route below `/v1/channels/{channel}/customers/{customer}`. */
export const readCustomer = (runtime: Channels, event: HttpEvent): Parsed<ChannelCustomer> => {
  const channel = readChannel(runtime, event);
  if (!channel.ok) return channel;
  const parsed = parseWith(z.object({ customer: CustomerName }), {
    customer: withSlashes(event.pathParameters?.['customer']),
  });
  return parsed.ok ? { ok: true, value: { channel: channel.value, customer: parsed.value.customer } } : parsed;
};

/** The id of a message in the path. */
export const readMessageId = ({ pathParameters }: HttpEvent): string => withSlashes(pathParameters?.['id']) ?? '';
