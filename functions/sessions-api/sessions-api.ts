import * as z from 'zod';
import type { Channel } from '../shared/domain/config.ts';
import { type CustomerKey, CustomerName } from '../shared/domain/customer.ts';
import { toWindowView } from '../shared/domain/window-view.ts';
import type { HttpEvent, HttpHandler, HttpResponse } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { type Parsed, parseWith } from '../shared/http/request.ts';
import { json, serve } from '../shared/http/respond.ts';
import type { StoreRuntime } from '../shared/runtime/runtime.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { toMessageView } from './message-view.ts';

type Answer = Promise<HttpResponse | ProblemDetails>;

interface Addressed {
  readonly channel: Channel;
  readonly customer: CustomerKey;
}

const addressed = (runtime: StoreRuntime, { pathParameters }: HttpEvent): Parsed<Addressed> => {
  const channel = runtime.channel(pathParameters?.['channel']);
  if (channel === undefined)
    return { ok: false, problem: { code: 'unknown_channel', detail: 'No channel has the id in the path.' } };
  const customer = parseWith(z.object({ customer: CustomerName }), { customer: pathParameters?.['customer'] });
  return customer.ok ? { ok: true, value: { channel, customer: customer.value.customer } } : customer;
};

const showSession = async (runtime: StoreRuntime, { channel, customer }: Addressed): Answer => {
  const { session, record } = await runtime.store.loadFacts(channel.id, customer);
  return json(
    200,
    toWindowView(channel.id, customer, { now: runtime.now(), policy: channel, session, customer: record }),
  );
};

/** Query of a paged list. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z
    .string()
    .transform((text, context) => {
      const after = decodeCursor(text);
      if (after !== undefined) return after;
      context.addIssue({ code: 'custom', message: 'is not a cursor: pass the `next` of the page before, unchanged' });
      return z.NEVER;
    })
    .optional(),
});

const showThread = async (runtime: StoreRuntime, { channel, customer }: Addressed, event: HttpEvent): Answer => {
  const query = parseWith(PageQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const { limit, cursor: after } = query.value;
  const page = await runtime.store.readThread({ channel: channel.id, customer, limit, after });
  return json(200, {
    messages: page.messages.map(toMessageView),
    next: page.next === undefined ? undefined : encodeCursor(page.next),
  });
};

const showMessage = async (runtime: StoreRuntime, event: HttpEvent): Answer => {
  const found = await runtime.store.findMessage(event.pathParameters?.['id'] ?? '');
  if (found === undefined)
    return {
      code: 'unknown_message',
      detail:
        'No message of the business has this id, or its retention has ended. Messages of customers are read in their thread.',
    };
  const { channel, customer, message } = found;
  return json(200, { ...toMessageView(message), channel, customer });
};

const ofCustomer =
  (show: (runtime: StoreRuntime, of: Addressed, event: HttpEvent) => Answer) =>
  async (runtime: StoreRuntime, event: HttpEvent): Answer => {
    const of = addressed(runtime, event);
    return of.ok ? show(runtime, of.value, event) : of.problem;
  };

const ROUTES = new Map<string, (runtime: StoreRuntime, event: HttpEvent) => Answer>([
  ['GET /v1/messages/{id}', showMessage],
  ['GET /v1/channels/{channel}/customers/{customer}/session', ofCustomer(showSession)],
  ['GET /v1/channels/{channel}/customers/{customer}/messages', ofCustomer(showThread)],
]);

/** Answers the reads of the API; API Gateway is the router. */
export const createSessionsApi = (runtime: StoreRuntime): HttpHandler =>
  serve(runtime.log, async (event) => {
    const answer = ROUTES.get(event.routeKey);
    if (answer === undefined)
      return {
        code: 'unknown_route',
        detail: 'The service has no such route: see docs/openapi.json for those it has.',
      };
    return answer(runtime, event);
  });
