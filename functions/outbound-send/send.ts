import type { Channel } from '../shared/domain/config.ts';
import type { SendRequest } from '../shared/domain/content.ts';
import { slotWith } from '../shared/domain/send-decision.ts';
import { toWindowView } from '../shared/domain/window-view.ts';
import type { HttpResponse } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import type { ClaimedSend, ClaimOutcome } from '../shared/store/message/claim-send.ts';
import type { SendState } from '../shared/store/message/load-send-state.ts';
import { templateKeys } from '../shared/store/template/template-registry.ts';
import { toAnswer } from './answer.ts';
import { type AttemptOutcome, callProvider } from './attempt-send.ts';
import { type AllowedSend, type Case, decide, factsOf } from './decide.ts';
import { resolveQuoted } from './quoted.ts';
import { replay } from './replay.ts';
import type { SendRuntime } from './runtime.ts';

/** Longer than this Lambda may run: a record without outcome after that is in doubt (R11). */
const LEASE_SECONDS = 60;

/** How often a send starts over when what it was decided on changes meanwhile; each time somebody else got on. */
const MAX_ROUNDS = 8;

/** What is asked of the service, in one piece. */
export interface Send {
  readonly channel: Channel;
  readonly request: SendRequest;
  readonly id: string;
  /** True when the id stands for an Idempotency-Key. */
  readonly isKeyed: boolean;
  readonly requestHash: string;
}

type Answer = HttpResponse | ProblemDetails;

/** Reads what a request is decided on: session, customer, templates and the claim of its key in one go. */
export const loadState = (
  { store }: SendRuntime,
  { channel, request, id, isKeyed }: Pick<Send, 'channel' | 'request' | 'id' | 'isKeyed'>,
): Promise<SendState> => {
  const template = request.content.type === 'template' ? request.content : request.fallbackTemplate;
  return store.loadSendState({
    channel: channel.id,
    customer: request.to,
    id: isKeyed ? id : undefined,
    templates: template === undefined ? [] : templateKeys(channel.account, template),
  });
};

interface Allowed {
  readonly decided: Case;
  readonly verdict: AllowedSend;
}

const begin = ({ store, newId }: SendRuntime, send: Send, { decided, verdict }: Allowed): Promise<ClaimOutcome> => {
  const { state, now, request, channel } = decided;
  const { decision, template, content } = verdict;
  const { session, record } = state;
  return store.claimSend({
    id: send.id,
    claimedBy: newId(),
    requestHash: send.requestHash,
    channel: channel.id,
    state,
    now,
    leaseSeconds: LEASE_SECONDS,
    retentionDays: channel.retentionDays,
    sentAs: decision.sentAs,
    content,
    replyTo: request.replyTo,
    clientReference: request.clientReference,
    decision: {
      at: now.getTime(),
      expiresAt: session?.expiresAt,
      lastInboundAt: session?.lastInboundAt,
      consent: record.consent.state,
      consentVersion: record.consentVersion ?? 0,
      template:
        template === undefined
          ? undefined
          : {
              name: template.name,
              language: template.language,
              category: template.category,
              version: template.version,
            },
      lastOpenedAt: record.lastOpenedAt,
      slotUsedAt: record.slot?.usedAt,
      usesReengagement: decision.usesReengagement,
    },
  });
};

/** The window as the send leaves it: without the slot it took, and closed where the provider says so (R8, R10). */
const viewAfter = (decided: Case, { begun, outcome }: { begun: ClaimedSend; outcome: AttemptOutcome }) => {
  const { session, record } = decided.state;
  const isRefusedAsClosed = outcome.kind === 'rejected' && outcome.error.class === 'window_closed';
  const holdsSlot = begun.usesReengagement && (outcome.kind === 'sent' || outcome.kind === 'in_doubt');
  return toWindowView(decided.channel.id, decided.request.to, {
    ...factsOf(decided),
    session: isRefusedAsClosed && session ? { ...session, providerClosedFor: session.lastInboundAt } : session,
    customer: holdsSlot ? { ...record, slot: slotWith(record, begun.id, decided.now) } : record,
  });
};

const refuse = ({ log }: SendRuntime, channel: Channel, problem: ProblemDetails): ProblemDetails => {
  log.info('outbound-send.refused', { channel: channel.id, code: problem.code });
  log.count('SendsRefused');
  return problem;
};

const round = async (runtime: SendRuntime, send: Send, quoted: string | undefined): Promise<Answer | 'again'> => {
  const { channel, request } = send;
  const sender = runtime.senderOf(channel);
  const decided: Case = { channel, request, sender, state: await loadState(runtime, send), now: runtime.now() };
  const replayed = decided.state.claim === undefined ? undefined : await replay(runtime, decided, send);
  if (replayed !== undefined) return replayed;
  const verdict = decide(decided);
  if (!verdict.allowed) return refuse(runtime, channel, verdict.problem);
  const begun = await begin(runtime, send, { decided, verdict });
  if (begun.kind !== 'begun') return 'again';
  const outcome = await callProvider(runtime, {
    decided,
    verdict,
    begun,
    quoted,
    look: () => loadState(runtime, send),
  });
  if (outcome.kind === 'overtaken') return { ...outcome.problem, id: send.id };
  const { sentAs, usesReengagement: usedReengagement } = verdict.decision;
  const { usedFallback } = verdict;
  return toAnswer(outcome, {
    id: send.id,
    sentAs,
    usedReengagement,
    usedFallback,
    session: viewAfter(decided, { begun, outcome }),
  });
};

/** Sends once while the rules allow it; of racing requests each sees what the others have done. */
export const sendMessage = async (runtime: SendRuntime, send: Send): Promise<Answer> => {
  const quoted = await resolveQuoted(runtime, send.request);
  if (!quoted.ok) return quoted.problem;
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) {
    const answer = await round(runtime, send, quoted.value);
    if (answer !== 'again') return answer;
  }
  throw new Error(`what the send is decided on changed in each of ${MAX_ROUNDS} rounds`);
};
