import * as z from 'zod';
import type { Channel, Delivery } from './config.ts';
import { EVENT_SOURCE, type EventType } from './event-types.ts';

/** Which events an endpoint gets. */
export interface Selection {
  readonly source: string;
  /** @default - every type */
  readonly types: readonly EventType[] | undefined;
  /** Fields of an event's detail; one that has this value is enough. */
  readonly about: Readonly<Record<string, string>>;
}

/** An endpoint gets what is told of its channel, and of the account behind it. */
export const selectionOf = ({ id, account }: Channel, { events }: Delivery): Selection => ({
  source: EVENT_SOURCE,
  types: events,
  about: { channel: id, account },
});

/** An event as a bus tells of it. */
export interface BusEvent {
  readonly source: string;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export const isSelected = ({ source, types, about }: Selection, event: BusEvent): boolean =>
  event.source === source &&
  (types === undefined || types.some((type) => type === event.type)) &&
  Object.entries(about).some(([field, value]) => event.detail[field] === value);

/** One event on its way to one endpoint. */
export const DeliveryMessage = z.object({
  channel: z.string(),
  url: z.string(),
  type: z.string(),
  detail: z.looseObject({ id: z.string(), occurredAt: z.string() }),
});
export type DeliveryMessage = z.infer<typeof DeliveryMessage>;

/** Seconds after each attempt that failed until the next one. */
const BACK_OFF: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000, 36_000];

/** How often an event is sent to an endpoint before it is given up. */
export const MAX_ATTEMPTS = BACK_OFF.length + 1;

/** How long the queue shows a message to nobody else once it was handed out: 6 times the function's own time. */
export const VISIBILITY_SECONDS = 180;

/** The queue holds a message back for 12 hours at most, counted from before the attempt. */
const MAX_DELAY_SECONDS = 43_200 - 300;

/** A failed attempt is up to a tenth later than planned, so that events which failed together do not come back together. */
const JITTER = 0.1;

export interface FailedAttempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** What the endpoint asked for. */
  readonly retryAfterSeconds: number | undefined;
  /** Between 0 and 1, for jitter. */
  readonly random: number;
}

/** How long to wait before the next attempt, and at least as long as the endpoint asked; `undefined` after the last one. */
export const retryDelaySeconds = ({ attempt, retryAfterSeconds = 0, random }: FailedAttempt): number | undefined => {
  const planned = BACK_OFF[attempt - 1];
  if (planned === undefined) return undefined;
  const delay = Math.max(planned * (1 + JITTER * random), retryAfterSeconds);
  return Math.min(Math.ceil(delay), MAX_DELAY_SECONDS);
};
