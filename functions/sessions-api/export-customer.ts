import * as z from 'zod';
import { Instant } from '../shared/domain/instant.ts';
import { toInstant } from '../shared/domain/time.ts';
import { parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import type { PastItem } from '../shared/store/items.ts';
import { THREAD_PLACE } from '../shared/store/message/thread-page.ts';
import { ConsentView, toConsentView } from './consent-view.ts';
import { encodeCursor } from './cursor.ts';
import { MessageView, toMessageView } from './message-view.ts';
import { pageQuery } from './page-query.ts';
import { ofCustomer } from './path-parameters.ts';
import { CustomerView, toCustomerView } from './show-customer.ts';

export const ExportQuery = pageQuery(THREAD_PLACE);

/** A session that has ended. */
const PastView = z.object({
  sessionId: z.string(),
  openedAt: Instant,
  lastInboundAt: Instant,
  endedAt: Instant,
  reason: z.enum(['expired', 'provider', 'merged']),
});

const toPastView = ({ sessionId, openedAt, lastInboundAt, endedAt, reason }: PastItem): z.infer<typeof PastView> => ({
  sessionId,
  openedAt: toInstant(openedAt),
  lastInboundAt: toInstant(lastInboundAt),
  endedAt: toInstant(endedAt),
  reason,
});

/** What is kept of a customer, to hand to the person who asks for it. */
export const CustomerExport = z
  .object({
    exportedAt: Instant,
    person: CustomerView,
    consent: ConsentView,
    sessions: z.array(PastView).meta({ description: 'Those that have ended, newest first' }),
    messages: z.array(MessageView).meta({ description: 'One page of the thread, newest first' }),
    next: z.string().optional(),
  })
  .meta({ id: 'CustomerExport' });

/** Shows everything that is kept of a customer under all names; the thread page by page, the rest on each page. */
export const exportCustomer = ofCustomer(async (runtime, { channel, customer }, event) => {
  const query = parseWith(ExportQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const { store, now } = runtime;
  const { limit, cursor: after } = query.value;
  const [state, consent, { past }, thread] = await Promise.all([
    store.loadCustomer(channel.id, customer),
    store.readConsent(channel.id, customer),
    store.readSessions(channel.id, customer),
    store.readThread({ channel: channel.id, customer, limit, after }),
  ]);
  const at = now();
  return json(200, {
    exportedAt: at.toISOString(),
    person: toCustomerView(channel, state, at),
    consent: toConsentView(consent),
    sessions: past.map((one) => toPastView(one.past)),
    messages: thread.messages.map(toMessageView),
    next: thread.next === undefined ? undefined : encodeCursor(thread.next),
  } satisfies z.infer<typeof CustomerExport>);
});
