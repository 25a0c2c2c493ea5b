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

/** The event bus of the local run: it keeps what it is given, oldest first, and passes it on. */
export const createLocalBus = (passOn: (event: BusEvent) => void) => {
  let events: ReturnType<typeof toEvent>[] = [];
  const bus: EventBus = {
    put: async (entries) => {
      const fresh = entries.map(toEvent);
      events.push(...fresh);
      for (const { source, 'detail-type': type, detail } of fresh) passOn({ source, type, detail });
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
