import { keywordChange } from '../domain/consent.ts';
import { customerOf } from '../domain/customer.ts';
import type { InboundMessage } from '../domain/inbound.ts';
import type { RecordInbound } from '../store/message/inbound-arrival.ts';
import { reportLink } from './report-link.ts';
import type { InboundRuntime } from './store.ts';
import type { Webhook } from './webhook.ts';

/** Records a customer's message, with its effect on the window and on the consent. */
export const recordMessage = async (
  runtime: InboundRuntime,
  message: InboundMessage,
  { requestId, position }: Pick<RecordInbound, 'position'> & Pick<Webhook, 'requestId'>,
): Promise<void> => {
  const { store, now, newId, log } = runtime;
  const channel = runtime.channel(message.channel);
  if (channel === undefined) throw new Error(`channel ${message.channel} is not configured`);
  const recorded = await store.recordInbound({
    message,
    requestId,
    position,
    consent: keywordChange(message, channel),
    retentionDays: channel.retentionDays,
    closingLeadSeconds: channel.closingLeadSeconds,
    now: now(),
    newSessionId: () => `ses_${newId()}`,
    onLink: reportLink(runtime, { channel: message.channel, requestId }),
  });
  if (recorded.window === 'erased') return;
  const { identities, providerAtMs: atMs, threadOwner } = message;
  if (threadOwner !== undefined)
    await store.reportOwner({
      channel: channel.id,
      customer: customerOf(identities),
      kind: threadOwner,
      atMs,
      now: now(),
    });
  log.count(recorded.isNew ? 'MessagesReceived' : 'DuplicateMessages');
  if (recorded.window === 'opened') log.count('SessionsOpened');
  if (recorded.skewed) log.count('SkewedTimestamps');
  if (recorded.consent === 'applied') log.count('ConsentsChanged');
};
