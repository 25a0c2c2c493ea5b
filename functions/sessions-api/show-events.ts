import * as z from 'zod';
import { EVENT_TYPES } from '../shared/domain/event-types.ts';
import { Instant } from '../shared/domain/instant.ts';
import { NamedView, toNamesView } from '../shared/domain/name-view.ts';
import { parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { THREAD_PLACE } from '../shared/store/message/thread-page.ts';
import { encodeCursor } from './cursor.ts';
import { readEvents } from './customer-events.ts';
import { pageQuery } from './page-query.ts';
import { ofCustomer } from './path-parameters.ts';

export const EventsQuery = pageQuery(THREAD_PLACE);

/** An event in the form in which an HTTPS endpoint receives it. */
const EventView = z
  .object({
    type: z.enum(EVENT_TYPES),
    timestamp: Instant.meta({ description: 'When it happened: the `occurredAt` of the event' }),
    data: z
      .looseObject({ id: z.string(), version: z.int(), occurredAt: Instant, channel: z.string(), customer: z.string() })
      .meta({ description: 'The `detail` of the event; its schema is in `docs/events`' }),
  })
  .meta({ id: 'Event' });

export const EventsAnswer = z.object({ ...NamedView, events: z.array(EventView), next: z.string().optional() });

/** Shows one page of a customer's events, newest first. */
export const showEvents = ofCustomer(async (runtime, { channel, customer }, event) => {
  const query = parseWith(EventsQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const { limit, cursor: after } = query.value;
  const page = await readEvents(runtime, { channel, customer, limit, after });
  return json(200, {
    customer: page.customer,
    names: toNamesView(page),
    events: page.events,
    next: page.next === undefined ? undefined : encodeCursor(page.next),
  });
});
