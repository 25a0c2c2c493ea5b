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
  const parsed = parseWith(z.object({ customer: CustomerName }), { customer: event.pathParameters?.['customer'] });
  return parsed.ok ? { ok: true, value: { channel: channel.value, customer: parsed.value.customer } } : parsed;
};
