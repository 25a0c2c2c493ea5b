import { errorChange } from '../shared/domain/consent.ts';
import type { Identities } from '../shared/domain/customer.ts';
import { nextOwner, ownerAt } from '../shared/domain/owner.ts';
import { recipientLink } from '../shared/domain/recipient-link.ts';
import type { ProviderError } from '../shared/providers/provider.ts';
import { mayOmitReference } from '../shared/providers/registry.ts';
import type { Attempt } from './attempt.ts';
import type { CalledSend } from './call-provider.ts';
import { REPORTS, toStatusUpdate } from './outcome.ts';
import type { SendRuntime } from './runtime.ts';

const report = ({ log }: SendRuntime, { outcome, lastAttempt: { claimed, allowed } }: CalledSend): void => {
  const [code, metric] = REPORTS[outcome.kind];
  log.count(metric);
  const provider = 'error' in outcome ? { provider: outcome.error.code, class: outcome.error.class } : {};
  if ('error' in outcome) log.count('ProviderErrors', 1, { class: outcome.error.class });
  log.info(code, { channel: claimed.channel, messageId: claimed.id, type: allowed.content.type, ...provider });
};

/** Records a closed window or a change of consent that the provider's rejection implies (R9, R10). */
const recordRejection = async (
  { store, log, now }: SendRuntime,
  { input, claimed }: Attempt,
  error: ProviderError,
): Promise<void> => {
  const { channel, customer, id, key } = claimed;
  const decidedOn = input.state.session?.lastInboundAt;
  if (error.class === 'window_closed' && decidedOn !== undefined) {
    const closed = await store.recordProviderClosed({ channel, customer, decidedOn, atMs: now().getTime() });
    if (closed) log.count('ProviderDisagreements');
  }
  const change = errorChange({ messageId: id, code: error.code, atMs: now().getTime() });
  if (change === undefined) return;
  const { kind } = await store.recordConsent({ channel, customer, message: key, now: now(), change });
  if (kind === 'applied') log.count('ConsentsChanged');
};

/** A session message takes the conversation over from Meta's agent, which is not reported to the app that sends it. */
const recordTakeover = async ({ store, now }: SendRuntime, { outcome, lastAttempt }: CalledSend): Promise<void> => {
  const { input, allowed, claimed } = lastAttempt;
  if (outcome.kind !== 'sent' || allowed.sentAs !== 'session') return;
  const { session, record } = input.state;
  if (ownerAt(record.owner, session, input.now)?.kind !== 'meta_agent') return;
  const after = nextOwner(record.owner, { kind: input.request.as ?? 'none', now: now() });
  await store.changeOwner({ channel: claimed.channel, customer: claimed.customer, before: record.owner, after });
};

/** The names of the recipient in the provider's answer, where they add to those of the customer: the stream links them. */
const recipientOf = ({ outcome, lastAttempt: { input } }: CalledSend): Identities | undefined => {
  if (outcome.kind !== 'sent' && outcome.kind !== 'held') return undefined;
  const { channel, state } = input;
  const of = { channel: channel.id, customer: state.customer, names: state.names.map(({ name }) => name) };
  return recipientLink(of, outcome.recipient) === undefined ? undefined : outcome.recipient;
};

/**
 * Reports the outcome and writes it to the table. Never throws: the caller gets the outcome even when it cannot be
 * written, and a later status or the sweep completes the record.
 */
export const complete = async (runtime: SendRuntime, called: CalledSend): Promise<void> => {
  const { outcome, lastAttempt } = called;
  report(runtime, called);
  const { channel, id } = lastAttempt.claimed;
  const reportUnwritten = (fault: unknown) => {
    runtime.log.error('outbound-send.outcome-unwritten', { channel, messageId: id, status: outcome.kind }, fault);
    runtime.log.count('OutcomesUnwritten');
  };
  const account = runtime.account(lastAttempt.input.channel.account);
  const pointsFromProvider = account !== undefined && mayOmitReference(account);
  const update = { ...toStatusUpdate(outcome, runtime.now()), pointsFromProvider, recipient: recipientOf(called) };
  await runtime.store.completeSend(lastAttempt.claimed, update).catch(reportUnwritten);
  await recordTakeover(runtime, called).catch(reportUnwritten);
  if (outcome.kind === 'rejected') await recordRejection(runtime, lastAttempt, outcome.error).catch(reportUnwritten);
};
