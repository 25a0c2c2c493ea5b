import * as z from 'zod';
import { CustomerName } from '../shared/domain/customer.ts';
import { parseBody } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { toListedSession } from './listed-session.ts';
import { ofChannel } from './path-parameters.ts';

export const SessionsQuery = z.strictObject({ customers: z.array(CustomerName).min(1).max(100) });

/** Shows the windows of up to 100 customers, in the order of the request. */
export const querySessions = ofChannel(async ({ store, now }, channel, event) => {
  const query = parseBody(SessionsQuery, event);
  if (!query.ok) return query.problem;
  const customers = await store.loadCustomers(channel.id, query.value.customers);
  const at = now();
  return json(200, { sessions: customers.map((customer) => toListedSession(channel, customer, at)) });
});
