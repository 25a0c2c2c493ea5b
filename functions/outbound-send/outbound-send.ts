import type { HttpEvent, HttpHandler } from '../shared/http/handler.ts';
import type { Answer } from '../shared/http/respond.ts';
import { type Responders, serveRoutes } from '../shared/http/serve-routes.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../shared/store/dynamo/contention.ts';
import { answer, answerRefusal } from './answer.ts';
import type { Attempt } from './attempt.ts';
import { callProvider } from './call-provider.ts';
import { releaseSession, takeSession } from './change-owner.ts';
import { checkMessage } from './check.ts';
import { claim } from './claim.ts';
import { complete } from './complete.ts';
import { decide } from './decide.ts';
import { loadState } from './load-state.ts';
import { markRead } from './mark-read.ts';
import { prepareFiles } from './prepare-files.ts';
import { type IdentifiedRequest, readIdentifiedRequest } from './read-request.ts';
import { replay } from './replay.ts';
import { resolveReply } from './resolve-reply.ts';
import type { SendRuntime } from './runtime.ts';

const STATE_CHANGED = new Contended('the state changed since the decision');

/** Decides and sends once; contended when the state changed between the decision and its claim. */
const trySend = async (
  runtime: SendRuntime,
  requested: IdentifiedRequest,
  replyTo: string | undefined,
): Promise<Answer | Contended> => {
  const input = await loadState(runtime, requested);
  const replayed = await replay(runtime, requested, input);
  if (replayed !== undefined) return replayed;
  const allowed = decide(input);
  if (!allowed.allowed) return answerRefusal(runtime, requested, allowed.problem);
  const startedMs = runtime.elapsed();
  const files = await prepareFiles(runtime, input.channel, allowed.content);
  if ('code' in files) return answerRefusal(runtime, requested, files);
  const claimed = await claim(runtime, requested, { input, allowed });
  if (claimed === undefined) return STATE_CHANGED;
  const attempt: Attempt = { requested, input, allowed, claimed, replyTo, files, startedMs };
  const called = await callProvider(runtime, attempt);
  await complete(runtime, called);
  return answer(attempt, called.outcome);
};

/** Sends a message; decides again when the state changed, so that concurrent requests never act on a stale decision. */
const sendMessage = async (runtime: SendRuntime, event: HttpEvent): Promise<Answer> => {
  const read = readIdentifiedRequest(runtime, event);
  if (!read.ok) return read.problem;
  const replyTo = await resolveReply(runtime, read.value.request);
  if (!replyTo.ok) return replyTo.problem;
  return retryUnderContention(CHANGED_ITEMS, () => trySend(runtime, read.value, replyTo.value));
};

const RESPONDERS = {
  'POST /v1/messages': sendMessage,
  'POST /v1/messages/check': checkMessage,
  'POST /v1/channels/{channel}/customers/{customer}/messages/{id}/read': markRead,
  'POST /v1/channels/{channel}/customers/{customer}/session/take': takeSession,
  'POST /v1/channels/{channel}/customers/{customer}/session/release': releaseSession,
} satisfies Responders<'outbound-send', SendRuntime>;

/** Sends messages that the rules allow, and refuses others without a call to the provider. */
export const createOutboundSend = (runtime: SendRuntime): HttpHandler => serveRoutes(runtime, RESPONDERS);
