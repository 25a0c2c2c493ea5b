import * as z from 'zod';
import { CustomerName } from '../shared/domain/customer.ts';
import { toWindowView } from '../shared/domain/window-view.ts';
import { parseBody } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { ofChannel, ofCustomer } from './addressed.ts';

/** Shows the window of one customer; one never seen has a closed one. */
export const showSession = ofCustomer(async ({ store, now }, { channel, customer }) => {
  const { session, record } = await store.loadCustomer(channel.id, customer);
  return json(200, toWindowView(channel.id, customer, { now: now(), policy: channel, session, customer: record }));
});

/** Asks for the windows of many customers at once. */
export const SessionsQuery = z.strictObject({ customers: z.array(CustomerName).min(1).max(100) });

/** Shows the windows of many customers, in the order asked. */
export const querySessions = ofChannel(async ({ store, now }, channel, event) => {
  const query = parseBody(SessionsQuery, event);
  if (!query.ok) return query.problem;
  const { customers } = query.value;
  const known = await store.loadCustomers(channel.id, customers);
  const at = now();
  const sessions = known.map(({ requested, session, record }) =>
    toWindowView(channel.id, requested, { now: at, policy: channel, session, customer: record }),
  );
  return json(200, { sessions });
});
