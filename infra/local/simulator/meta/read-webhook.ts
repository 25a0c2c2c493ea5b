import * as z from 'zod';
import type { Channel } from '../../../../functions/shared/domain/config.ts';
import type { CustomerMessage } from '../whatsapp.ts';

const items = z.array(z.unknown()).catch([]);
const Webhook = z.object({ entry: items });
const Entry = z.object({ changes: items });
const Change = z.object({
  field: z.string(),
  value: z.object({
    metadata: z.object({ phone_number_id: z.string() }),
    messages: items,
    calls: items,
    standby: z.object({ messages: items }).catch({ messages: [] }),
  }),
});
const Written = z.object({
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  timestamp: z.coerce.number().positive(),
  type: z.string().optional(),
  group_id: z.unknown().optional(),
  interactive: z.unknown().optional(),
  event: z.string().optional(),
  direction: z.string().optional(),
});
type Written = z.infer<typeof Written>;
const AutomaticReply = z.object({
  call_permission_reply: z.object({ response_source: z.literal('automatic') }),
});

/** The readable ones: a bad item never hides the rest. */
const readable = <T>(schema: z.ZodType<T>, values: readonly unknown[]): readonly T[] =>
  values.flatMap((value) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });

const NEVER_COUNT = new Set(['edit', 'revoke', 'system']);

const counts = (message: Written, { opensSession }: Channel): boolean => {
  if (message.group_id !== undefined || NEVER_COUNT.has(message.type ?? '')) return false;
  if (AutomaticReply.safeParse(message.interactive).success) return false;
  // Meta's pages do not say it of these two: the simulated WhatsApp does as the channel is told.
  if (message.type === 'reaction') return opensSession.reaction === true;
  return message.type !== 'unsupported' || opensSession.unsupported !== false;
};

const isCallOfCustomer = ({ event, direction }: Written): boolean =>
  event === 'connect' && direction === 'USER_INITIATED';

const countingIn = ({ field, value }: z.infer<typeof Change>, channel: Channel): readonly Written[] => {
  switch (field) {
    case 'messages':
      return readable(Written, value.messages).filter((message) => counts(message, channel));
    case 'standby':
      return readable(Written, value.standby.messages).filter((message) => counts(message, channel));
    case 'calls':
      return readable(Written, value.calls).filter(isCallOfCustomer);
    default:
      return [];
  }
};

const readChange = (change: z.infer<typeof Change>, channels: readonly Channel[]): readonly CustomerMessage[] => {
  const business = change.value.metadata.phone_number_id;
  const channel = channels.find(({ phoneNumberId }) => phoneNumberId === business);
  if (channel === undefined) return [];
  return countingIn(change, channel).map(({ from, from_user_id, timestamp }) => ({
    business,
    customer: [from, from_user_id].filter((name) => name !== undefined),
    atMs: timestamp * 1000,
  }));
};

/** Reads from a Meta webhook who wrote to which business number and when: the simulator's own reading, not the service's. */
export const readMetaWebhook = (webhook: unknown, channels: readonly Channel[]): readonly CustomerMessage[] =>
  readable(Webhook, [webhook])
    .flatMap(({ entry }) => readable(Entry, entry))
    .flatMap(({ changes }) => readable(Change, changes))
    .flatMap((change) => readChange(change, channels));
