import type { ClaimedSend } from '../shared/store/message/claim-send.ts';
import type { AllowedSend } from './decide.ts';
import type { DecisionInput } from './load-state.ts';
import type { IdentifiedRequest } from './read-request.ts';
import type { SendRuntime } from './runtime.ts';

/** Longer than this Lambda's timeout: a record without an outcome after that is in doubt (R11). */
export const LEASE_SECONDS = 60;

/** What a decision was made on, kept in the record of its message. */
const toDecisionRecord = ({ state, now }: DecisionInput, { template, usesReengagement }: AllowedSend) => {
  const { session, record } = state;
  return {
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
    usesReengagement,
  };
};

/**
 * Claims the id, records the message and takes the slot before the provider is called; `undefined` when the state has
 * changed since the decision or another request claimed the id.
 */
export const claim = async (
  { store, newId }: SendRuntime,
  { id, requestHash }: IdentifiedRequest,
  { input, allowed }: { readonly input: DecisionInput; readonly allowed: AllowedSend },
): Promise<ClaimedSend | undefined> => {
  const { channel, request, state, now } = input;
  const claimed = await store.claimSend({
    id,
    claimedBy: newId(),
    requestHash,
    channel: channel.id,
    state,
    now,
    leaseSeconds: LEASE_SECONDS,
    retentionDays: channel.retentionDays,
    sentAs: allowed.sentAs,
    as: request.as,
    content: allowed.content,
    replyTo: request.replyTo,
    clientReference: request.clientReference,
    decision: toDecisionRecord(input, allowed),
  });
  return claimed.kind === 'claimed' ? claimed : undefined;
};
