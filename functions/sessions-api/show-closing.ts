import * as z from 'zod';
import { WINDOW_SECONDS } from '../shared/domain/window.ts';
import { parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { DUE_PLACE } from '../shared/store/due/due-entry.ts';
import { encodeCursor } from './cursor.ts';
import { ListedSession, toListedSession } from './listed-session.ts';
import { pageQuery, wholeNumber } from './page-query.ts';
import { ofChannel } from './path-parameters.ts';

const WITHIN = 'must be whole seconds from 1 to 86400 (one day)';

export const ClosingQuery = pageQuery(DUE_PLACE).extend({
  closingWithin: wholeNumber({ max: WINDOW_SECONDS, absent: 3_600, message: WITHIN }).meta({
    description: 'Windows that end at most this many seconds from now',
  }),
});

export const ClosingPage = z.object({ sessions: z.array(ListedSession), next: z.string().optional() });

/** Shows one page of the open windows that end soon, soonest end first. */
export const showClosing = ofChannel(async ({ store, now }, channel, event) => {
  const query = parseWith(ClosingQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const { closingWithin: withinSeconds, limit, cursor: after } = query.value;
  const at = now();
  const page = await store.listClosing({ channel: channel.id, now: at, withinSeconds, limit, after });
  return json(200, {
    sessions: page.sessions.map((customer) => toListedSession(channel, customer, at)),
    next: page.next === undefined ? undefined : encodeCursor(page.next),
  } satisfies z.infer<typeof ClosingPage>);
});
