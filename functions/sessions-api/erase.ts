import * as z from 'zod';
import { json } from '../shared/http/respond.ts';
import { ofCustomer } from './addressed.ts';

/** No page is begun after this, so that erasing keeps within the time in which this API answers everything else. */
const LAST_START_MS = 1_500;

const count = z.int().nonnegative();

/** What one call removed. */
export const Erasure = z
  .object({
    done: z.boolean().meta({ description: 'False: repeat the call until it is true' }),
    removed: z.object({
      sessions: count,
      customers: count,
      consents: count.meta({ description: 'Changes of consent' }),
      messages: count,
      pastSessions: count,
      claims: count.meta({ description: 'Ids of sent messages, and what led from them to the thread' }),
      members: count.meta({ description: 'Months in which the customer was active, and counts without a name now' }),
    }),
  })
  .meta({ id: 'Erasure' });

/** Erases a customer of a channel (R16): 200 once nothing is left, 202 where the call must be repeated. */
export const eraseCustomer = ofCustomer(async ({ store, log, elapsed, now, channels }, { channel, customer }) => {
  const started = elapsed();
  const goOn = () => elapsed() - started < LAST_START_MS;
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
