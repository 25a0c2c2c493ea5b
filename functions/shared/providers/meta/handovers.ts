import { createHash } from 'node:crypto';
import type { ThreadOwner } from '../../domain/inbound.ts';
import type { WebhookItem } from '../provider.ts';
import { malformed, unreadable } from '../webhook-items.ts';
import { identifyCustomer } from './identities.ts';
import { Handover } from './schema.ts';
import { type Origin, opensOn } from './to-domain.ts';

const AGENT_ROLE = 'ai_agent';

/** A handover has no id of Meta: the same bytes have the same one. */
const idOf = (raw: unknown): string =>
  `handover:${createHash('sha256').update(JSON.stringify(raw)).digest('hex').slice(0, 32)}`;

/** Reads `messaging_handovers`: it is kept as Meta wrote it, and who answers from now on is read where it names the role. */
export const toHandoverItem = (raw: unknown, { channel, contacts }: Origin): WebhookItem => {
  const kept = { raw, channel: channel.id };
  const parsed = Handover.safeParse(raw);
  if (!parsed.success) return unreadable('messaging_handovers', parsed.error, kept);
  const { timestamp, type, sender, control_passed, control_taken } = parsed.data;
  const customer = identifyCustomer({ from: sender?.phone_number, from_user_id: sender?.user_id }, contacts);
  if (customer === undefined) return malformed('messaging_handovers names no customer', kept);
  const role = (control_passed ?? control_taken)?.new_owner_role;
  const threadOwner: ThreadOwner | undefined = role === undefined ? role : role === AGENT_ROLE ? 'meta_agent' : 'app';
  return {
    kind: 'message',
    message: {
      ...customer,
      channel: channel.id,
      id: idOf(raw),
      providerAtMs: timestamp * 1000,
      opens: opensOn('messaging_handovers', channel),
      content: { type: 'handover', event: type, details: raw },
      threadOwner,
    },
  };
};
