import { createEventDelivery, type EventDeliveryOptions } from '../../functions/event-delivery/event-delivery.ts';
import { type BusEvent, MAX_ATTEMPTS, VISIBILITY_SECONDS } from '../../functions/shared/domain/delivery.ts';
import { createLocalQueue, type Schedule } from './local-queue.ts';

export interface LocalDeliveriesOptions extends Omit<EventDeliveryOptions, 'queue'> {
  /** @default - a timer */
  readonly schedule?: Schedule | undefined;
}

/** Sends events to the channels' endpoints with the deployed handler, which also routes them. */
export const createLocalDeliveries = ({ schedule, ...options }: LocalDeliveriesOptions) => {
  const { put, deadLetters, redrive, stop } = createLocalQueue({
    createHandler: (queue) => createEventDelivery({ ...options, queue }),
    maxReceives: MAX_ATTEMPTS,
    visibilitySeconds: VISIBILITY_SECONDS,
    schedule,
  });
  const hasEndpoints = options.config.channels.some(({ deliveries }) => deliveries.length > 0);
  const deliver = ({ source, type, detail }: BusEvent): void => {
    if (hasEndpoints) void put(JSON.stringify({ source, 'detail-type': type, detail }));
  };
  return {
    deliver,
    deadLetters,
    redrive,
    stop,
    /** The queue as the API sees it; `undefined` where no channel has endpoints. */
    queue: hasEndpoints
      ? { send: async (bodies: readonly string[]) => bodies.forEach((body) => void put(body)) }
      : undefined,
  };
};
