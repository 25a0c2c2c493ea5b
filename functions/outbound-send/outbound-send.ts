import type { Channel } from '../shared/domain/config.ts';
import { SendRequest } from '../shared/domain/content.ts';
import { decideSend, type Refused, type SendFacts } from '../shared/domain/send-decision.ts';
import { toWindowView, type WindowView } from '../shared/domain/window-view.ts';
import type { HttpHandler, HttpResponse } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { parseBody } from '../shared/http/request.ts';
import { serve } from '../shared/http/respond.ts';
import type { Runtime } from '../shared/runtime/runtime.ts';
import { toAnswer } from './answer.ts';
import { attemptSend } from './attempt-send.ts';
import { resolveQuoted } from './quoted.ts';

const refuse = ({ log }: Runtime, { code, nextAction, detail }: Refused, session: WindowView): ProblemDetails => {
  log.info('outbound-send.refused', { channel: session.channel, code });
  log.count('SendsRefused');
  return { code, nextAction, detail, session };
};

const send = async (
  runtime: Runtime,
  channel: Channel,
  request: SendRequest,
): Promise<HttpResponse | ProblemDetails> => {
  const unsupported = runtime.senderOf(channel).unsupported(request.content);
  if (unsupported !== undefined)
    return { code: 'unsupported_by_provider', detail: unsupported.message, errors: [unsupported] };
  const quoted = await resolveQuoted(runtime, request);
  if (!quoted.ok) return quoted.problem;

  const known = await runtime.store.loadFacts(channel.id, request.to);
  const facts: SendFacts = { now: runtime.now(), policy: channel, session: known.session, customer: known.record };
  const session = toWindowView(channel.id, request.to, facts);
  const decision = decideSend(facts, { kind: 'session' });
  if (!decision.allowed) return refuse(runtime, decision, session);

  const id = `msg_${runtime.newId()}`;
  const outcome = await attemptSend(runtime, { id, channel, request, facts, decision, quoted: quoted.value });
  const { sentAs, usesReengagement: usedReengagement } = decision;
  return toAnswer(outcome, { id, sentAs, usedReengagement, session });
};

/** Sends while the rules allow it, and otherwise refuses with the reason and the way out, without a provider call. */
export const createOutboundSend = (runtime: Runtime): HttpHandler =>
  serve(runtime.log, async (event) => {
    const request = parseBody(SendRequest, event);
    if (!request.ok) return request.problem;
    const channel = runtime.channel(request.value.channel);
    if (channel === undefined)
      return {
        code: 'unknown_channel',
        detail: `No channel has the id "${request.value.channel}".`,
        errors: [{ path: 'channel', message: 'is not the id of a configured channel' }],
      };
    return send(runtime, channel, request.value);
  });
