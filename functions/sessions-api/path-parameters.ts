import * as z from 'zod';
import type { Channel } from '../shared/domain/config.ts';
import { type CustomerKey, CustomerName } from '../shared/domain/customer.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import { type Parsed, parseWith } from '../shared/http/request.ts';
import type { Answer } from '../shared/http/respond.ts';
import type { Responder } from '../shared/http/serve-routes.ts';
import type { StoreRuntime } from './store.ts';

/** A customer of a channel, as the path names them. */
export interface ChannelCustomer {
  readonly channel: Channel;
  readonly customer: CustomerKey;
}

const readChannel = (runtime: StoreRuntime, { pathParameters }: HttpEvent): Parsed<Channel> => {
  const channel = runtime.channel(pathParameters?.['channel']);
  return channel === undefined
    ? { ok: false, problem: { code: 'unknown_channel', detail: 'No channel has the id in the path.' } }
    : { ok: true, value: channel };
};

const readCustomer = (runtime: StoreRuntime, event: HttpEvent): Parsed<ChannelCustomer> => {
  const channel = readChannel(runtime, event);
  if (!channel.ok) return channel;
  const parsed = parseWith(z.object({ customer: CustomerName }), { customer: event.pathParameters?.['customer'] });
  return parsed.ok ? { ok: true, value: { channel: channel.value, customer: parsed.value.customer } } : parsed;
};

/** Answers a route below `/v1/channels/{channel}`. */
export const ofChannel =
  (answer: (runtime: StoreRuntime, channel: Channel, event: HttpEvent) => Promise<Answer>): Responder<StoreRuntime> =>
  async (runtime, event) => {
    const channel = readChannel(runtime, event);
    return channel.ok ? answer(runtime, channel.value, event) : channel.problem;
  };

/** Answers a route below `/v1/channels/{channel}/customers/{customer}`. */
export const ofCustomer =
  (
    answer: (runtime: StoreRuntime, of: ChannelCustomer, event: HttpEvent) => Promise<Answer>,
  ): Responder<StoreRuntime> =>
  async (runtime, event) => {
    const of = readCustomer(runtime, event);
    return of.ok ? answer(runtime, of.value, event) : of.problem;
  };
