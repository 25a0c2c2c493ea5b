import { recipientLink } from '../shared/domain/recipient-link.ts';
import type { Change } from '../shared/store/changes.ts';
import type { LinkNames, LinkOutcome } from '../shared/store/customer/link-names.ts';
import type { OutboundItem } from '../shared/store/items.ts';
import { messageKey } from '../shared/store/keys.ts';
import type { StoreRuntime } from './store.ts';

const CONTRADICTS: ReadonlySet<LinkOutcome['kind']> = new Set(['moved', 'outdated', 'too_many_names']);

type MessageChange = Extract<Change, { kind: 'message' }>;

/** The recipient that a change adds to a message of the business. */
const newRecipient = ({ before, after }: MessageChange): OutboundItem['recipient'] => {
  const wasKnown = before?.direction === 'outbound' && before.recipient !== undefined;
  return after?.direction === 'outbound' && !wasKnown ? after.recipient : undefined;
};

/** The link of the customer to the names of that recipient. */
const linkIn = (change: MessageChange): (LinkNames & { readonly messageId: string }) | undefined => {
  const { channel, customer, after } = change;
  if (after?.direction !== 'outbound') return undefined;
  const { id, at: atMs, names = [], statuses } = after;
  const link = recipientLink({ channel, customer, names }, newRecipient(change));
  const now = new Date(statuses.at(-1)?.at ?? atMs);
  return (
    link && {
      link: { ...link, at: Math.floor(now.getTime() / 1000), learnedFrom: 'send' },
      message: messageKey({ channel, customer, atMs, id }),
      messageId: id,
      now,
    }
  );
};

/** Links the customer of a message to the names of its recipient in the provider's answer, once it is written. Idempotent. */
export const linkRecipient = async ({ store, log }: StoreRuntime, change: Change): Promise<void> => {
  const report = change.kind === 'message' ? linkIn(change) : undefined;
  if (report === undefined) return;
  const { kind: outcome } = await store.linkNames(report);
  if (outcome === 'linked') log.count('NamesLinked');
  if (!CONTRADICTS.has(outcome)) return;
  log.warn('change-stream.names-contradict', { channel: report.link.channel, messageId: report.messageId, outcome });
  log.count('NamesContradicted');
};
