import { toNamesView } from '../shared/domain/name-view.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import type { Parsed } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import type { Responder } from '../shared/http/serve-routes.ts';
import type { FoundMessage } from '../shared/store/message/find-message.ts';
import { toMessageView } from './message-view.ts';
import type { StoreRuntime } from './store.ts';

export const UNKNOWN_MESSAGE: ProblemDetails = {
  code: 'unknown_message',
  detail:
    'No outbound message has this id, or its retention has ended. Read messages of customers in the thread of the customer.',
};

/** Finds the outbound message that the path names. */
export const findMessage = async (
  { store, reaches }: StoreRuntime,
  { pathParameters }: HttpEvent,
): Promise<Parsed<FoundMessage>> => {
  const found = await store.findMessage(pathParameters?.['id'] ?? '');
  if (found !== undefined && reaches(found.channel)) return { ok: true, value: found };
  return { ok: false, problem: UNKNOWN_MESSAGE };
};

/** A message and the customer under all names, whichever the message was sent to. */
export const toFullMessage = async ({ store }: StoreRuntime, { channel, customer: name, message }: FoundMessage) => {
  const customer = await store.readNames(channel, name);
  return { ...toMessageView(message), channel, customer: customer.customer, names: toNamesView(customer) };
};

export const answerMessage = async (runtime: StoreRuntime, found: FoundMessage) =>
  json(200, await toFullMessage(runtime, found));

/** Shows one outbound message. */
export const showMessage: Responder<StoreRuntime> = async (runtime, event) => {
  const found = await findMessage(runtime, event);
  return found.ok ? answerMessage(runtime, found.value) : found.problem;
};
