import type { Channel } from '../shared/domain/config.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import { type ChannelCustomer, readChannel, readCustomer } from '../shared/http/path-parameters.ts';
import type { Answer } from '../shared/http/respond.ts';
import type { Responder } from '../shared/http/serve-routes.ts';
import type { StoreRuntime } from './store.ts';

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
