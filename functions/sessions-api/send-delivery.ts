import * as z from 'zod';
import type { Channel, Delivery } from '../shared/domain/config.ts';
import { CustomerName } from '../shared/domain/customer.ts';
import { DELIVERY_TEST, type DeliveryMessage, isSelected, selectionOf } from '../shared/domain/delivery.ts';
import { EVENT_SOURCE } from '../shared/domain/event-types.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { parseBody, parseWith } from '../shared/http/request.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import { type CustomerEvent, readEvents } from './customer-events.ts';
import { ofChannel } from './path-parameters.ts';
import type { StoreRuntime } from './store.ts';

const endpoint = z
  .int()
  .min(1)
  .optional()
  .meta({ description: 'The position of an endpoint; without it, every endpoint of the channel' });

export const TestRequest = z.strictObject({ endpoint }).meta({ id: 'DeliveryTest' });

export const ResendRequest = z
  .strictObject({
    customer: CustomerName,
    id: z
      .string()
      .regex(/^evt_\w{26}$/, 'must be the id of an event, evt_ and 26 characters')
      .meta({ description: 'The id of an event of this customer' }),
    endpoint,
  })
  .meta({ id: 'DeliveryResend' });

/** What was put into the queue, and for which endpoints. */
export const DeliveryAnswer = z.object({ id: z.string(), endpoints: z.array(z.int()) });

type Detail = DeliveryMessage['detail'];

interface Outgoing {
  readonly type: string;
  readonly detail: Detail;
  /** @default - every endpoint that `receives` */
  readonly endpoint?: number | undefined;
  readonly receives: (delivery: Delivery) => boolean;
}

const NO_ENDPOINT: ProblemDetails = {
  code: 'unknown_delivery',
  detail: 'The channel has no such endpoint that receives this event: GET …/deliveries lists its endpoints.',
};

/** Puts an event into the queue, once for each endpoint, each with all its attempts. */
const enqueue = async ({ deliveryQueue }: StoreRuntime, channel: Channel, outgoing: Outgoing): Promise<Answer> => {
  const { type, detail, receives } = outgoing;
  const chosen = channel.deliveries
    .map((delivery, index) => ({ delivery, position: index + 1 }))
    .filter(({ delivery, position }) => [position, undefined].includes(outgoing.endpoint) && receives(delivery));
  if (deliveryQueue === undefined || chosen.length === 0) return NO_ENDPOINT;
  const messages = chosen.map(
    ({ delivery }): DeliveryMessage => ({
      channel: channel.id,
      url: delivery.url,
      type,
      detail,
    }),
  );
  await deliveryQueue.send(messages.map((message) => JSON.stringify(message)));
  return json(202, {
    id: detail.id,
    endpoints: chosen.map(({ position }) => position),
  } satisfies z.infer<typeof DeliveryAnswer>);
};

/** Sends a test event to the endpoints of a channel, which each get it once. */
export const testDelivery = ofChannel(async (runtime, channel, event) => {
  const request = event.body ? parseBody(TestRequest, event) : parseWith(TestRequest, {});
  if (!request.ok) return request.problem;
  const { now, newId } = runtime;
  const detail = { id: `evt_${newId()}`, version: 1, occurredAt: now().toISOString(), channel: channel.id, data: {} };
  return enqueue(runtime, channel, { type: DELIVERY_TEST, detail, ...request.value, receives: () => true });
});

/** How long an event is looked for, so that the call takes no longer than the others. */
const SEARCH_MS = 5_000;
const PAGE = 100;

/** Looks for an event of a customer, the newest first. */
const findEvent = async (
  runtime: StoreRuntime,
  channel: Channel,
  { customer, id }: z.infer<typeof ResendRequest>,
): Promise<CustomerEvent | undefined> => {
  const started = runtime.elapsed();
  let after: string | undefined;
  do {
    const { events, next } = await readEvents(runtime, { channel, customer, limit: PAGE, after });
    const found = events.find(({ data }) => data.id === id);
    if (found !== undefined) return found;
    after = next;
  } while (after !== undefined && runtime.elapsed() - started < SEARCH_MS);
  return undefined;
};

const UNKNOWN_EVENT: ProblemDetails = {
  code: 'unknown_event',
  detail: 'No event that can be made anew for this customer has this id: GET …/events lists them.',
};

/** Sends an event of a customer again, with the same id, to the endpoints that receive its type. */
export const resendDelivery = ofChannel(async (runtime, channel, event) => {
  const request = parseBody(ResendRequest, event);
  if (!request.ok) return request.problem;
  const found = await findEvent(runtime, channel, request.value);
  if (found === undefined) return UNKNOWN_EVENT;
  const { type, data: detail } = found;
  const receives = (delivery: Delivery): boolean =>
    isSelected(selectionOf(channel, delivery), { source: EVENT_SOURCE, type, detail });
  return enqueue(runtime, channel, { type, detail, endpoint: request.value.endpoint, receives });
});
