import * as z from 'zod';
import type { BusEvent } from '../../functions/shared/domain/delivery.ts';
import { EVENT_SOURCE } from '../../functions/shared/domain/event-types.ts';
import type { BusEntry, EventBus } from '../../functions/shared/runtime/event-bus.ts';

const toEvent = ({ time, detailType, detail }: BusEntry) => ({
  source: EVENT_SOURCE,
  'detail-type': detailType,
  time: time.toISOString(),
  detail: z.record(z.string(), z.unknown()).parse(JSON.parse(detail)),
});

/** The event bus of the local run: keeps every event, oldest first, and forwards it to `deliver`. */
export const createLocalBus = (deliver: (event: BusEvent) => void) => {
  let events: ReturnType<typeof toEvent>[] = [];
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
    clear: () => {
      events = [];
    },
  };
};
export type LocalBus = ReturnType<typeof createLocalBus>;
