import * as z from 'zod';
import type { Channel, Config, Delivery } from './config.ts';
import { EVENT_SOURCE, type EventType } from './event-types.ts';

/** The events that an endpoint receives. */
export interface Selection {
  readonly source: string;
  /** @default - every type */
  readonly types: readonly EventType[] | undefined;
  /** Fields of an event's detail, of which one must have the value given. */
  readonly about: Readonly<Record<string, string>>;
}

/** An endpoint receives the events of its channel, and of that channel's account. */
export const selectionOf = ({ id, account }: Channel, { events }: Delivery): Selection => ({
  source: EVENT_SOURCE,
  types: events,
  about: { channel: id, account },
});

/** An event as the bus delivers it. */
export interface BusEvent {
  readonly source: string;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export const isSelected = ({ source, types, about }: Selection, event: BusEvent): boolean =>
  event.source === source &&
  (types === undefined || types.some((type) => type === event.type)) &&
  Object.entries(about).some(([field, value]) => event.detail[field] === value);

/** An event as the rule on the bus puts it into the queue; the rest of EventBridge's envelope is not read. */
export const BusMessage = z.object({
  source: z.string(),
  'detail-type': z.string(),
  detail: z.looseObject({ id: z.string(), occurredAt: z.string() }),
});
export type BusMessage = z.infer<typeof BusMessage>;

/** One event on its way to one endpoint. */
export const DeliveryMessage = z.object({
  channel: z.string(),
  url: z.string(),
  type: z.string(),
  detail: z.looseObject({ id: z.string(), occurredAt: z.string() }),
});
export type DeliveryMessage = z.infer<typeof DeliveryMessage>;

/** An event as an endpoint and the API show it. */
export const toEnvelope = <Detail extends { readonly occurredAt: string }>(type: string, detail: Detail) => ({
  type,
  timestamp: detail.occurredAt,
  data: detail,
});

/** One message for each endpoint that receives the event, so that each has its own attempts. */
export const toDeliveries = ({ channels }: Config, message: BusMessage): readonly DeliveryMessage[] => {
  const { source, 'detail-type': type, detail } = message;
  return channels.flatMap((channel) =>
    channel.deliveries
      .filter((delivery) => isSelected(selectionOf(channel, delivery), { source, type, detail }))
      .map(({ url }) => ({ channel: channel.id, url, type, detail })),
  );
};

/** The type of the event that an operator sends to see whether an endpoint accepts it: it is on no bus. */
export const DELIVERY_TEST = 'delivery.test';

/** Seconds from each failed attempt to the next. */
const BACK_OFF: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000, 36_000];

/** How often an event is sent to an endpoint before it is moved to the dead-letter queue. */
export const MAX_ATTEMPTS = BACK_OFF.length + 1;

/** The queue's visibility timeout: 6 times the function's own timeout. */
export const VISIBILITY_SECONDS = 180;

/** SQS limits visibility to 12 hours from the receipt of a message, which was before the attempt. */
const MAX_DELAY_SECONDS = 43_200 - 300;

/** An attempt is up to a tenth later than planned, so that events that failed together are not retried together. */
const JITTER = 0.1;

export interface FailedAttempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** The endpoint's `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;
  /** Between 0 and 1, for jitter. */
  readonly random: number;
}

/** Seconds until the next attempt, at least as many as the endpoint asked for; `undefined` after the last attempt. */
export const retryDelaySeconds = ({ attempt, retryAfterSeconds = 0, random }: FailedAttempt): number | undefined => {
  const planned = BACK_OFF[attempt - 1];
  if (planned === undefined) return undefined;
  const delay = Math.max(planned * (1 + JITTER * random), retryAfterSeconds);
  return Math.min(Math.ceil(delay), MAX_DELAY_SECONDS);
};
