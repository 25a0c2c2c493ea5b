import * as z from 'zod';
import type { Channel } from '../shared/domain/config.ts';
import { type CustomerKey, CustomerName } from '../shared/domain/customer.ts';
import type { HttpEvent, HttpResponse } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { type Parsed, parseWith } from '../shared/http/request.ts';
import type { StoreRuntime } from './store.ts';

export type Answer = Promise<HttpResponse | ProblemDetails>;

/** Answers one route. */
export type Responder = (runtime: StoreRuntime, event: HttpEvent) => Answer;

/** A customer of a channel, as the path names them. */
export interface Addressed {
  readonly channel: Channel;
  readonly customer: CustomerKey;
}

const channelOf = (runtime: StoreRuntime, { pathParameters }: HttpEvent): Parsed<Channel> => {
  const channel = runtime.channel(pathParameters?.['channel']);
  return channel === undefined
    ? { ok: false, problem: { code: 'unknown_channel', detail: 'No channel has the id in the path.' } }
    : { ok: true, value: channel };
};

const addressed = (runtime: StoreRuntime, event: HttpEvent): Parsed<Addressed> => {
  const channel = channelOf(runtime, event);
  if (!channel.ok) return channel;
  const named = parseWith(z.object({ customer: CustomerName }), { customer: event.pathParameters?.['customer'] });
  return named.ok ? { ok: true, value: { channel: channel.value, customer: named.value.customer } } : named;
};

/** Answers a route below `/v1/channels/{channel}`. */
export const ofChannel =
  (answer: (runtime: StoreRuntime, channel: Channel, event: HttpEvent) => Answer): Responder =>
  async (runtime, event) => {
    const channel = channelOf(runtime, event);
    return channel.ok ? answer(runtime, channel.value, event) : channel.problem;
  };

/** Answers a route below `/v1/channels/{channel}/customers/{customer}`. */
export const ofCustomer =
  (answer: (runtime: StoreRuntime, of: Addressed, event: HttpEvent) => Answer): Responder =>
  async (runtime, event) => {
    const of = addressed(runtime, event);
    return of.ok ? answer(runtime, of.value, event) : of.problem;
  };
