import * as z from 'zod';
import { json } from '../shared/http/respond.ts';
import { ofCustomer } from './path-parameters.ts';

/** No page starts after this time, so that an erasure takes no longer than the other calls of this API. */
const LAST_PAGE_START_MS = 1_500;

const count = z.int().nonnegative();

/** The answer: what this call removed. */
export const Erasure = z
  .object({
    done: z.boolean().meta({ description: 'False: repeat the call until it is true' }),
    removed: z.object({
      sessions: count,
      customers: count,
      consents: count.meta({ description: 'Changes of consent' }),
      messages: count,
      pastSessions: count,
      unplaced: count.meta({ description: 'Items of webhooks that were kept for an operator' }),
      claims: count.meta({ description: 'Send claims, which lead from the id of a message to its record' }),
      members: count.meta({
        description: 'Records of the customer as a monthly active user, now anonymous: the counts stay',
      }),
    }),
  })
  .meta({ id: 'Erasure' });

/** Erases a customer of a channel (R16): 200 when nothing is left, 202 when the call must be repeated. */
export const eraseCustomer = ofCustomer(async ({ store, log, elapsed, now, channels }, { channel, customer }) => {
  const started = elapsed();
  const goOn = () => elapsed() - started < LAST_PAGE_START_MS;
  const erased = await store.eraseCustomer({
    channel: channel.id,
    customer,
    channels: channels.map(({ id }) => id),
    now: now(),
    goOn,
  });
  log.info('sessions-api.erased', { channel: channel.id, ...erased });
  return json(erased.done ? 200 : 202, erased satisfies z.infer<typeof Erasure>);
});
