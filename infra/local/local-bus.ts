import * as z from 'zod';
import type { BusEvent } from '../../functions/shared/domain/delivery.ts';
import { EVENT_SOURCE } from '../../functions/shared/domain/event-types.ts';
import type { BusEntry, EventBus } from '../../functions/shared/runtime/event-bus.ts';

/** An event as the bus carries it. */
export const LocalEvent = z.strictObject({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.string(),
  time: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type LocalEvent = z.infer<typeof LocalEvent>;

const toEvent = ({ time, detailType, detail }: BusEntry): LocalEvent => ({
  source: EVENT_SOURCE,
  'detail-type': detailType,
  time: time.toISOString(),
  detail: z.record(z.string(), z.unknown()).parse(JSON.parse(detail)),
});

/** The event bus of the local run: keeps every event, oldest first, and forwards it to `deliver`. */
export const createLocalBus = (deliver: (event: BusEvent) => void) => {
  let events: LocalEvent[] = [];
  const bus: EventBus = {
    put: async (entries) => {
      const added = entries.map(toEvent);
      events.push(...added);
      for (const { source, 'detail-type': type, detail } of added) deliver({ source, type, detail });
      return entries.map(() => true);
    },
  };
  return {
    bus,
    list: () => events,
    /** Replaces every event; none is delivered. */
    replace: (loaded: readonly LocalEvent[]) => {
      events = [...loaded];
    },
  };
};
export type LocalBus = ReturnType<typeof createLocalBus>;
