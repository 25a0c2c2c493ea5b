import { createEventDelivery, type EventDeliveryOptions } from '../../functions/event-delivery/event-delivery.ts';
import {
  type BusEvent,
  isSelected,
  MAX_ATTEMPTS,
  selectionOf,
  VISIBILITY_SECONDS,
} from '../../functions/shared/domain/delivery.ts';
import { createLocalQueue, type Schedule } from './local-queue.ts';

export interface LocalDeliveriesOptions extends Omit<EventDeliveryOptions, 'queue'> {
  /** @default - a timer */
  readonly schedule?: Schedule | undefined;
}

/** Sends events to the channels' endpoints with the deployed handler. */
export const createLocalDeliveries = ({ schedule, ...options }: LocalDeliveriesOptions) => {
  const endpoints = options.config.channels.flatMap((channel) =>
    channel.deliveries.map((delivery) => ({
      to: { channel: channel.id, url: delivery.url },
      selection: selectionOf(channel, delivery),
    })),
  );
  const { put, deadLetters, stop } = createLocalQueue({
    createHandler: (queue) => createEventDelivery({ ...options, queue }),
    maxReceives: MAX_ATTEMPTS,
    visibilitySeconds: VISIBILITY_SECONDS,
    schedule,
  });
  const deliver = (event: BusEvent): void => {
    const { type, detail } = event;
    for (const { to, selection } of endpoints)
      if (isSelected(selection, event)) put(JSON.stringify({ ...to, type, detail }));
  };
  return { deliver, deadLetters, stop };
};
