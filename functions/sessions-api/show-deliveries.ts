import * as z from 'zod';
import type { Delivery } from '../shared/domain/config.ts';
import { EVENT_TYPES } from '../shared/domain/event-types.ts';
import { Instant } from '../shared/domain/instant.ts';
import { toInstantOfMs } from '../shared/domain/time.ts';
import { json } from '../shared/http/respond.ts';
import type { EndpointOutcomes } from '../shared/store/endpoint-outcomes.ts';
import { ofChannel } from './path-parameters.ts';

const attempt = z.object({ at: Instant, eventId: z.string() });

/** An HTTPS endpoint of a channel. */
export const DeliveryView = z
  .object({
    endpoint: z.int().meta({ description: 'Its position among those of the channel, from 1' }),
    origin: z.string().meta({ description: 'Of its URL, whose path and query may hold a key' }),
    events: z.array(z.enum(EVENT_TYPES)),
    lastOutcome: z.enum(['delivered', 'failed']).nullable().meta({ description: 'null: nothing was sent yet' }),
    lastDelivery: attempt.nullable(),
    lastFailure: attempt
      .extend({ code: z.string().meta({ description: '`http_503`, or the error that prevented an answer' }) })
      .nullable(),
  })
  .meta({ id: 'Delivery' });

const lastOutcome = ({ deliveredAt = -1, failedAt = -1 }: EndpointOutcomes): 'delivered' | 'failed' | null => {
  if (Math.max(deliveredAt, failedAt) < 0) return null;
  return failedAt > deliveredAt ? 'failed' : 'delivered';
};

const toView = ({ url, events }: Delivery, index: number, outcomes: EndpointOutcomes): z.infer<typeof DeliveryView> => {
  const { deliveredAt, deliveredEvent = '', failedAt, failedEvent = '', failureCode = '' } = outcomes;
  return {
    endpoint: index + 1,
    origin: new URL(url).origin,
    events: [...(events ?? EVENT_TYPES)],
    lastOutcome: lastOutcome(outcomes),
    lastDelivery: deliveredAt === undefined ? null : { at: toInstantOfMs(deliveredAt), eventId: deliveredEvent },
    lastFailure:
      failedAt === undefined ? null : { at: toInstantOfMs(failedAt), eventId: failedEvent, code: failureCode },
  };
};

/** Shows the endpoints of a channel with their last outcomes. */
export const showDeliveries = ofChannel(async ({ store }, { id, deliveries }) => {
  const outcomesOf = await store.readOutcomes(id);
  return json(200, { deliveries: deliveries.map((one, index) => toView(one, index, outcomesOf(one.url))) });
});
