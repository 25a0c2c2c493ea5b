import { customerOf } from '../domain/customer.ts';
import type { EchoMessage } from '../domain/inbound.ts';
import { countedAt } from '../domain/window.ts';
import type { RecordEcho } from '../store/message/record-echo.ts';
import { linkIdentities } from './link-identities.ts';
import type { InboundRuntime } from './store.ts';

/** Adds a message that another sender wrote from the same number to the thread of its customer, whose conversation that sender holds. */
export const recordEcho = async (
  runtime: InboundRuntime,
  message: EchoMessage,
  place: Pick<RecordEcho, 'requestId' | 'position'>,
): Promise<void> => {
  const { store, now, log, channel: channelOf } = runtime;
  const channel = channelOf(message.channel);
  if (channel === undefined) throw new Error(`channel ${message.channel} is not configured`);
  const isNew = await store.recordEcho({ message, retentionDays: channel.retentionDays, now: now(), ...place });
  if (isNew) log.count('EchoesRecorded');
  const { identities, author: kind, providerAtMs: atMs } = message;
  const reported = { identities, at: countedAt(atMs, now()), learnedFrom: 'message' } as const;
  await linkIdentities(runtime, { channel: channel.id, requestId: place.requestId }, reported);
  await store.reportOwner({ channel: channel.id, customer: customerOf(identities), kind, atMs, now: now() });
};
