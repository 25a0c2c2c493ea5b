import type { EchoAuthor } from '../../domain/inbound.ts';
import type { WebhookItem } from '../provider.ts';
import { ignored, malformed, unreadable } from '../webhook-items.ts';
import { readContent } from './content.ts';
import { identifyCustomer } from './identities.ts';
import { Echo, NestedEcho } from './schema.ts';
import type { Origin } from './to-domain.ts';

/** One of `standby` has the message as it was sent one level deeper. */
const unnest = (raw: unknown): unknown => {
  const { data } = NestedEcho.safeParse(raw);
  return data === undefined ? raw : { ...data.message, ...data };
};

const isToGroup = ({ group_id, recipient_type }: Echo): boolean =>
  (group_id !== undefined && group_id !== null) || recipient_type === 'group';

/** Reads one of `message_echoes`: it appears in the thread and has no other effect on window, usage or sends. */
export const toEchoItem = (raw: unknown, author: EchoAuthor, { channel, contacts }: Origin): WebhookItem => {
  const kept = { raw, channel: channel.id };
  const parsed = Echo.safeParse(unnest(raw));
  if (!parsed.success) return unreadable('message_echo', parsed.error, kept);
  const echo = parsed.data;
  if (isToGroup(echo)) return ignored('other_event');
  const recipient = identifyCustomer({ from: echo.to, from_user_id: echo.to_user_id ?? echo.recipient }, contacts);
  if (recipient === undefined) return malformed('message_echo names no customer', kept);
  const kind = echo.type ?? 'untyped';
  return {
    kind: 'echo',
    message: {
      channel: channel.id,
      identities: recipient.identities,
      id: echo.id,
      providerAtMs: echo.timestamp * 1000,
      author,
      content: readContent(kind, echo) ?? { type: 'raw', kind, raw },
      replyTo: echo.context?.id ?? echo.context?.message_id,
    },
  };
};
