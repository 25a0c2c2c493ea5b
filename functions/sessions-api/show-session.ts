import { toWindowView } from '../shared/domain/window-view.ts';
import { json } from '../shared/http/respond.ts';
import { ofCustomer } from './path-parameters.ts';

/** Shows the window of one customer; the window of an unknown customer is closed. */
export const showSession = ofCustomer(async ({ store, now }, { channel, customer }) => {
  const state = await store.loadCustomer(channel.id, customer);
  const { session, record } = state;
  return json(200, toWindowView(channel.id, state, { now: now(), policy: channel, session, customer: record }));
});
