import type { Channel } from '../../domain/config.ts';
import type { WebhookItem } from '../provider.ts';
import { ignored, malformed, unreadable } from '../webhook-items.ts';
import { toPreferenceItem } from './consent.ts';
import { toProviderError } from './errors.ts';
import { toContacts } from './identities.ts';
import { Change, Entry, Notification, NumberValue, Product, StandbyValue, WireError } from './schema.ts';
import { toStatusItem } from './statuses.ts';
import { isTemplateField, toTemplateItem } from './template-webhooks.ts';
import { type Origin, toCallItem, toMessageItem } from './to-domain.ts';

type Items = readonly WebhookItem[];

/** The channels of one account by Meta's phone number id. */
export type Channels = ReadonlyMap<string, Channel>;

/** What belongs to the account: its channels, and the templates of its WhatsApp business account. */
export interface Owner {
  readonly channels: Channels;
  readonly wabaId: string;
}

/** Reads every element of an optional list; a value that is no list is one malformed item. */
const each = (list: unknown, name: string, read: (element: unknown) => WebhookItem | Items): Items => {
  if (list === undefined || list === null) return [];
  return Array.isArray(list) ? list.flatMap(read) : [malformed(name, { raw: list })];
};

/** An error that is not of one message: it concerns the number or the account. */
const toAccountError = (raw: unknown): WebhookItem => {
  const parsed = WireError.safeParse(raw);
  return { kind: 'account_error', error: toProviderError(parsed.data ?? { code: 'unknown' }) };
};

const readMessages = (value: NumberValue, origin: Origin): Items => [
  ...each(value.messages, 'messages', (message) => toMessageItem(message, origin)),
  ...each(value.statuses, 'statuses', (status) => toStatusItem(status, origin.channel)),
  ...each(value.errors, 'errors', toAccountError),
];

const readCalls = (value: NumberValue, origin: Origin): Items =>
  each(value.calls, 'calls', (call) => toCallItem(call, origin));

const readPreferences = (value: NumberValue, origin: Origin): Items =>
  each(value.user_preferences, 'user_preferences', (preference) => toPreferenceItem(preference, origin));

/** The lists of `standby` are nested one level deeper than those of `messages`. */
const unnest = (value: unknown): unknown => {
  const { data } = StandbyValue.safeParse(value);
  return data === undefined ? value : { ...data, ...data.standby };
};

type ReadValue = (value: NumberValue, origin: Origin) => Items;

const toNumberItems = (value: unknown, channels: Channels, read: ReadValue): Items => {
  const parsed = NumberValue.safeParse(value);
  if (!parsed.success) return [unreadable('value', parsed.error, { raw: value })];
  const channel = channels.get(parsed.data.metadata.phone_number_id);
  if (channel === undefined) return [ignored('foreign_number')];
  const items = read(parsed.data, { channel, contacts: toContacts(parsed.data.contacts) });
  return items.length === 0 ? [ignored('other_event')] : items;
};

/** Other fields do not concern a window; `history` repeats old messages in the same lists and must not open one (R4). */
const toChangeItems = (raw: unknown, { channels, wabaId }: Owner, { id, time }: Entry): Items => {
  const parsed = Change.safeParse(raw);
  if (!parsed.success) return [unreadable('change', parsed.error, { raw })];
  const { field, value } = parsed.data;
  switch (field) {
    case 'messages':
      return toNumberItems(value, channels, readMessages);
    case 'standby':
      return toNumberItems(unnest(value), channels, readMessages);
    case 'calls':
      return toNumberItems(value, channels, readCalls);
    case 'user_preferences':
      return toNumberItems(value, channels, readPreferences);
    default:
      if (!isTemplateField(field)) return [ignored('other_event')];
      return id === wabaId ? [toTemplateItem(value, time)] : [ignored('foreign_number')];
  }
};

const toEntryItems = (raw: unknown, owner: Owner): Items => {
  const parsed = Entry.safeParse(raw);
  if (!parsed.success) return [unreadable('entry', parsed.error, { raw })];
  return parsed.data.changes.flatMap((change) => toChangeItems(change, owner, parsed.data));
};

/** Splits a notification into its items, in order: none is lost, and none affects another (R15). */
export const toItems = (notification: unknown, owner: Owner): Items => {
  const { data } = Product.safeParse(notification);
  if (data === undefined) return [malformed('object', { raw: notification })];
  if (data.object !== 'whatsapp_business_account') return [ignored('other_event')];
  const parsed = Notification.safeParse(notification);
  if (!parsed.success) return [unreadable('notification', parsed.error, { raw: notification })];
  return parsed.data.entry.flatMap((entry) => toEntryItems(entry, owner));
};
