import { customerOf } from '../domain/customer.ts';
import type { EchoMessage } from '../domain/inbound.ts';
import { ownName } from '../domain/names.ts';
import type { RecordEcho } from '../store/message/record-echo.ts';
import { reportLink } from './report-link.ts';
import type { InboundRuntime } from './store.ts';

/** Links the two names of a known customer that a message to them has. */
const linkRecipient = async (runtime: InboundRuntime, { channel, identities, providerAtMs }: EchoMessage) => {
  const { phone, userId } = identities;
  if (phone === undefined || userId === undefined) return;
  const names = [ownName(phone), ownName(userId)];
  const link = { channel, names, at: Math.floor(providerAtMs / 1000), learnedFrom: 'message' } as const;
  reportLink(runtime, channel)(await runtime.store.linkNames({ link, now: runtime.now(), isKnown: true }));
};

/** Adds a message that another sender wrote from the same number to the thread of its customer, whose conversation that sender holds. */
export const recordEcho = async (
  runtime: InboundRuntime,
  message: EchoMessage,
  place: Pick<RecordEcho, 'requestId' | 'position'>,
): Promise<void> => {
  const { store, now, log } = runtime;
  const channel = runtime.channel(message.channel);
  if (channel === undefined) throw new Error(`channel ${message.channel} is not configured`);
  const isNew = await store.recordEcho({ message, retentionDays: channel.retentionDays, now: now(), ...place });
  if (isNew) log.count('EchoesRecorded');
  await linkRecipient(runtime, message);
  const { identities, author: kind, providerAtMs: atMs } = message;
  await store.reportOwner({ channel: channel.id, customer: customerOf(identities), kind, atMs, now: now() });
};
