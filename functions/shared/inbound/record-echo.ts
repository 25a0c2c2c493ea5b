import { customerOf } from '../domain/customer.ts';
import type { EchoMessage } from '../domain/inbound.ts';
import type { RecordEcho } from '../store/message/record-echo.ts';
import type { InboundRuntime } from './store.ts';

/** Adds a message that another sender wrote from the same number to the thread of its customer, whose conversation that sender holds. */
export const recordEcho = async (
  { store, now, log, channel: channelOf }: InboundRuntime,
  message: EchoMessage,
  place: Pick<RecordEcho, 'requestId' | 'position'>,
): Promise<void> => {
  const channel = channelOf(message.channel);
  if (channel === undefined) throw new Error(`channel ${message.channel} is not configured`);
  const isNew = await store.recordEcho({ message, retentionDays: channel.retentionDays, now: now(), ...place });
  if (isNew) log.count('EchoesRecorded');
  const { identities, author: kind, providerAtMs: atMs } = message;
  await store.reportOwner({ channel: channel.id, customer: customerOf(identities), kind, atMs, now: now() });
};
