import type { Channel } from '../shared/domain/config.ts';
import type { SendRequest } from '../shared/domain/content.ts';
import type { Allowed, SendFacts } from '../shared/domain/send-decision.ts';
import { remainingSeconds } from '../shared/domain/window.ts';
import type { SendOutcome } from '../shared/providers/provider.ts';
import type { LogCode, MetricName } from '../shared/runtime/log.ts';
import type { Runtime } from '../shared/runtime/runtime.ts';
import type { BegunSend, SendResult } from '../shared/store/send-store.ts';

/** Longer than this Lambda may run: a record without outcome after that is in doubt (R11). */
const LEASE_SECONDS = 60;

/** A send that the rules allow. */
export interface AllowedSend {
  readonly id: string;
  readonly channel: Channel;
  readonly request: SendRequest;
  readonly facts: SendFacts;
  readonly decision: Allowed;
  /** The provider's id of the message that is answered or reacted to. */
  readonly quoted: string | undefined;
}

const begin = ({ store, newId }: Runtime, { id, channel, request, facts, decision }: AllowedSend): Promise<BegunSend> =>
  store.beginSend({
    id,
    claimedBy: newId(),
    channel: channel.id,
    customer: request.to,
    now: facts.now,
    leaseSeconds: LEASE_SECONDS,
    retentionDays: channel.retentionDays,
    sentAs: decision.sentAs,
    content: request.content,
    replyTo: request.replyTo,
    clientReference: request.clientReference,
    decision: {
      at: facts.now.getTime(),
      expiresAt: facts.session?.expiresAt,
      lastInboundAt: facts.session?.lastInboundAt,
      consent: facts.customer.consent.state,
      usesReengagement: decision.usesReengagement,
    },
  });

const toResult = (outcome: SendOutcome, now: Date): SendResult => {
  switch (outcome.kind) {
    case 'sent':
      return { status: 'sent', now, providerMessageId: outcome.providerMessageId };
    case 'in_doubt':
      return { status: 'in_doubt', now, error: { code: outcome.error.code, title: outcome.error.title } };
    case 'rejected':
    case 'unavailable':
      return { status: 'failed', now, error: { code: outcome.error.code, title: outcome.error.title } };
  }
};

const REPORTS = {
  sent: ['outbound-send.sent', 'MessagesSent'],
  in_doubt: ['outbound-send.in-doubt', 'SendsInDoubt'],
  rejected: ['outbound-send.rejected', 'SendsRejected'],
  unavailable: ['outbound-send.unavailable', 'SendsUnavailable'],
} as const satisfies Record<SendOutcome['kind'], readonly [LogCode, MetricName]>;

const report = ({ log }: Runtime, { id, channel, request }: AllowedSend, outcome: SendOutcome): void => {
  const [code, metric] = REPORTS[outcome.kind];
  log.count(metric);
  const provider = outcome.kind === 'sent' ? {} : { provider: outcome.error.code, class: outcome.error.class };
  log.info(code, { channel: channel.id, messageId: id, type: request.content.type, ...provider });
};

/** Records the send, calls the provider once, and records what became of it: in that order, whatever crashes. */
export const attemptSend = async (runtime: Runtime, send: AllowedSend): Promise<SendOutcome> => {
  const { id, channel, request, facts, quoted } = send;
  const begun = await begin(runtime, send);
  const outcome = await runtime.senderOf(channel).send({
    channel,
    to: request.to,
    content: request.content,
    reference: begun.reference,
    replyTo: quoted,
    expiresInSeconds: remainingSeconds(facts.session, facts.now),
  });
  report(runtime, send, outcome);
  try {
    await runtime.store.completeSend(begun.key, toResult(outcome, runtime.now()));
  } catch (fault) {
    // The caller must hear what the provider said; the record is settled by the status webhook.
    runtime.log.error(
      'outbound-send.outcome-unwritten',
      { channel: channel.id, messageId: id, status: outcome.kind },
      fault,
    );
    runtime.log.count('OutcomesUnwritten');
  }
  return outcome;
};
