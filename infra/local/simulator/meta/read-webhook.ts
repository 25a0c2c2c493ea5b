import * as z from 'zod';
import type { Channel } from '../../../../functions/shared/domain/config.ts';
import type { Vendor } from '../vendor.ts';
import type { CustomerMessage } from '../whatsapp.ts';

const items = z.array(z.unknown()).catch([]);
const Webhook = z.object({ entry: items });
const Entry = z.object({ changes: items });
const Change = z.object({
  field: z.string(),
  value: z.object({
    metadata: z.object({ phone_number_id: z.string(), display_phone_number: z.string().optional() }),
    messages: items,
    calls: items,
    statuses: items,
    standby: z.object({ messages: items }).catch({ messages: [] }),
  }),
});
const Item = z.object({
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  timestamp: z.coerce.number().positive(),
  type: z.string().optional(),
  group_id: z.unknown().optional(),
  interactive: z.unknown().optional(),
  event: z.string().optional(),
  direction: z.string().optional(),
});
type Item = z.infer<typeof Item>;
const AcceptedCall = z.object({
  type: z.literal('call'),
  status: z.literal('ACCEPTED'),
  recipient_id: z.string().optional(),
  recipient_user_id: z.string().optional(),
  timestamp: z.coerce.number().positive(),
});
const AutomaticReply = z.object({
  call_permission_reply: z.object({ response_source: z.literal('automatic') }),
});

/** The items that fit the schema; a malformed one does not affect the others. */
const parseEach = <T>(schema: z.ZodType<T>, values: readonly unknown[]): readonly T[] =>
  values.flatMap((value) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });

const NEVER_OPENS = new Set(['edit', 'revoke', 'system']);

const opens = (message: Item, { opensSession }: Channel): boolean => {
  if (message.group_id !== undefined || NEVER_OPENS.has(message.type ?? '')) return false;
  if (AutomaticReply.safeParse(message.interactive).success) return false;
  // Meta does not document these two: the simulated WhatsApp follows the channel's `opensSession`.
  if (message.type === 'reaction') return opensSession.reaction === true;
  return message.type !== 'unsupported' || opensSession.unsupported !== false;
};

/** Some calls have no direction: they are the customer's unless the business number itself calls. */
const isUserInitiatedCall = ({ event, direction, from }: Item, number: string | undefined): boolean =>
  event === 'connect' && (direction === 'USER_INITIATED' || (direction === undefined && from !== number));

/** Calls of the business that the customer has accepted, as if the customer had called. */
const acceptedCalls = (statuses: readonly unknown[]): readonly Item[] =>
  parseEach(AcceptedCall, statuses).map(({ recipient_id, recipient_user_id, timestamp }) => ({
    from: recipient_id,
    from_user_id: recipient_user_id,
    timestamp,
  }));

const openingItems = ({ field, value }: z.infer<typeof Change>, channel: Channel): readonly Item[] => {
  switch (field) {
    case 'messages':
      return parseEach(Item, value.messages).filter((message) => opens(message, channel));
    case 'standby':
      return parseEach(Item, value.standby.messages).filter((message) => opens(message, channel));
    case 'calls':
      return [
        ...parseEach(Item, value.calls).filter((call) =>
          isUserInitiatedCall(call, value.metadata.display_phone_number),
        ),
        ...acceptedCalls(value.statuses),
      ];
    default:
      return [];
  }
};

const namesOf = (...names: readonly (string | undefined)[]): readonly string[] =>
  names.filter((name) => name !== undefined && name !== '').map(String);

const optional = z.string().optional();
const NameChange = z.object({
  from: optional,
  from_user_id: optional,
  system: z.object({ wa_id: optional, user_id: optional, previous_user_id: optional }),
});
const SharedNumber = z.object({
  from_user_id: z.string(),
  contacts: z.tuple([
    z.object({ origin: z.literal('contact_request'), phones: z.tuple([z.object({ wa_id: z.string() })]) }),
  ]),
});

/** The names of one customer in messages that open nothing by themselves: a change of number, a number shared on request. */
const namesLearned = (messages: readonly unknown[]): readonly (readonly string[])[] => [
  ...parseEach(NameChange, messages).map(({ from, from_user_id, system }) =>
    namesOf(from, from_user_id, system.wa_id, system.user_id, system.previous_user_id),
  ),
  ...parseEach(SharedNumber, messages).map(({ from_user_id, contacts: [{ phones }] }) =>
    namesOf(from_user_id, phones[0].wa_id),
  ),
];

const readChange = (change: z.infer<typeof Change>, channels: readonly Channel[]): readonly CustomerMessage[] => {
  const business = change.value.metadata.phone_number_id;
  const channel = channels.find(({ phoneNumberId }) => phoneNumberId === business);
  if (channel === undefined) return [];
  const written = openingItems(change, channel).map(({ from, from_user_id, timestamp }) => ({
    business,
    customer: namesOf(from, from_user_id),
    atMs: timestamp * 1000,
  }));
  return [...written, ...namesLearned(change.value.messages).map((customer) => ({ business, customer, atMs: 0 }))];
};

export const readWebhook: Vendor<'meta'>['readWebhook'] = (webhook, channels) =>
  parseEach(Webhook, [webhook])
    .flatMap(({ entry }) => parseEach(Entry, entry))
    .flatMap(({ changes }) => parseEach(Change, changes))
    .flatMap((change) => readChange(change, channels));
