import { slotWith } from '../shared/domain/send-decision.ts';
import { toWindowView, type WindowView } from '../shared/domain/window-view.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import type { Answer } from '../shared/http/respond.ts';
import type { Attempt } from './attempt.ts';
import { toFacts } from './decide.ts';
import { KEEPS_SLOT, type Outcome, toAnswer } from './outcome.ts';
import type { ChannelRequest } from './read-request.ts';
import type { SendRuntime } from './runtime.ts';

/** The window after the send: its slot used, and closed where the provider reports it closed (R8, R10). */
const viewAfter = ({ input, claimed }: Attempt, outcome: Outcome): WindowView => {
  const { session, record } = input.state;
  const isRejectedAsClosed = outcome.kind === 'rejected' && outcome.error.class === 'window_closed';
  const holdsSlot = claimed.usesReengagement && KEEPS_SLOT[outcome.kind];
  return toWindowView(input.channel.id, input.state, {
    ...toFacts(input),
    session: isRejectedAsClosed && session ? { ...session, providerClosedFor: session.lastInboundAt } : session,
    customer: holdsSlot ? { ...record, slot: slotWith(record, claimed.id, input.now) } : record,
  });
};

/** Answers a claimed send, with the window as of its first attempt. */
export const answer = (first: Attempt, outcome: Outcome): Answer =>
  toAnswer(outcome, {
    id: first.claimed.id,
    sentAs: first.allowed.sentAs,
    usedReengagement: first.allowed.usesReengagement,
    usedFallback: first.allowed.usesFallback,
    session: viewAfter(first, outcome),
  });

/** Reports and answers a refused send; nothing was written or sent for it. */
export const answerRefusal = (
  { log }: SendRuntime,
  { channel }: ChannelRequest,
  problem: ProblemDetails,
): ProblemDetails => {
  log.info('outbound-send.refused', { channel: channel.id, code: problem.code });
  log.count('SendsRefused');
  return problem;
};
