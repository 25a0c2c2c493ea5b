import * as z from 'zod';
import { NamedView, toNamesView } from '../shared/domain/name-view.ts';
import { parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { THREAD_PLACE } from '../shared/store/message/thread-page.ts';
import { encodeCursor } from './cursor.ts';
import { MessageView, toMessageView } from './message-view.ts';
import { pageQuery } from './page-query.ts';
import { ofCustomer } from './path-parameters.ts';

const instant = z.iso
  .datetime({ offset: true, error: 'is not an ISO 8601 time with its zone, such as 2026-11-20T12:00:00Z' })
  .transform((text) => Date.parse(text))
  .optional();

export const ThreadQuery = pageQuery(THREAD_PLACE)
  .extend({
    since: instant.meta({ description: 'Messages of this time and later' }),
    until: instant.meta({ description: 'Messages before this time' }),
  })
  .refine(({ since, until }) => since === undefined || until === undefined || since < until, {
    path: ['until'],
    error: 'is not after since',
  });

export const ThreadAnswer = z.object({ ...NamedView, messages: z.array(MessageView), next: z.string().optional() });

/** Shows one page of a customer's thread, newest first. */
export const showThread = ofCustomer(async ({ store }, { channel, customer }, event) => {
  const query = parseWith(ThreadQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const { limit, cursor: after, since: sinceMs, until } = query.value;
  const untilMs = until === undefined ? undefined : until - 1;
  const page = await store.readThread({ channel: channel.id, customer, limit, sinceMs, untilMs, after });
  return json(200, {
    customer: page.customer,
    names: toNamesView(page),
    messages: page.messages.map(toMessageView),
    next: page.next === undefined ? undefined : encodeCursor(page.next),
  } satisfies z.infer<typeof ThreadAnswer>);
});
