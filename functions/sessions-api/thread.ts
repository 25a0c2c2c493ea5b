import type { ProblemDetails } from '../shared/http/problem.ts';
import { parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { ofCustomer, type Responder } from './addressed.ts';
import { encodeCursor } from './cursor.ts';
import { toMessageView } from './message-view.ts';
import { pageQuery } from './page-query.ts';

/** Query of a thread. */
export const ThreadQuery = pageQuery(/^MSG#/);

/** Shows one page of a customer's thread, newest first. */
export const showThread = ofCustomer(async ({ store }, { channel, customer }, event) => {
  const query = parseWith(ThreadQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const { limit, cursor: after } = query.value;
  const page = await store.readThread({ channel: channel.id, customer, limit, after });
  return json(200, {
    messages: page.messages.map(toMessageView),
    next: page.next === undefined ? undefined : encodeCursor(page.next),
  });
});

export const UNKNOWN_MESSAGE: ProblemDetails = {
  code: 'unknown_message',
  detail:
    'No message of the business has this id, or its retention has ended. Messages of customers are read in their thread.',
};

/** Shows one message of the business. */
export const showMessage: Responder = async ({ store }, { pathParameters }) => {
  const found = await store.findMessage(pathParameters?.['id'] ?? '');
  if (found === undefined) return UNKNOWN_MESSAGE;
  const { channel, customer, message } = found;
  return json(200, { ...toMessageView(message), channel, customer });
};
