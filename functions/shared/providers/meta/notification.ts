import type { Channel } from '../../domain/config.ts';
import { parsePhone } from '../../domain/customer.ts';
import type { WebhookItem } from '../provider.ts';
import { ignored, malformed, unreadable } from '../webhook-items.ts';
import { toCallItem, toCallStatusItem } from './calls.ts';
import { toPreferenceItem } from './consent.ts';
import { toEchoItem } from './echoes.ts';
import { toProviderError } from './errors.ts';
import { toHandoverItem } from './handovers.ts';
import { toContacts } from './identities.ts';
import {
  Change,
  Entry,
  Notification,
  NumberValue,
  Product,
  RecipientValue,
  StandbyValue,
  WireError,
} from './schema.ts';
import { isCallStatus, toStatusItem } from './statuses.ts';
import { toTemplateItem } from './template-webhooks.ts';
import { type Origin, toMessageItem } from './to-domain.ts';

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

type ReadValue = (value: NumberValue, origin: Origin, raw: unknown) => Items;

const readMessages: ReadValue = (value, origin) => [
  ...each(value.messages, 'messages', (message) => toMessageItem(message, origin)),
  ...each(value.statuses, 'statuses', (status) =>
    isCallStatus(status) ? toCallStatusItem(status, origin) : toStatusItem(status, origin),
  ),
  ...each(value.errors, 'errors', toAccountError),
];

/** Meta's Business Agent answers the conversation: its own messages come as echoes. */
const readStandby: ReadValue = (value, origin, raw) => [
  ...readMessages(value, { ...origin, threadOwner: 'meta_agent' }, raw),
  ...each(value.message_echoes, 'message_echoes', (echo) => toEchoItem(echo, 'meta_agent', origin)),
];

const readCalls: ReadValue = (value, origin) => [
  ...each(value.calls, 'calls', (call) => toCallItem(call, origin)),
  ...each(value.statuses, 'statuses', (status) => toCallStatusItem(status, origin)),
];

const readPreferences: ReadValue = (value, origin) =>
  each(value.user_preferences, 'user_preferences', (preference) => toPreferenceItem(preference, origin));

const readPhoneEchoes: ReadValue = (value, origin) =>
  each(value.message_echoes, 'message_echoes', (echo) => toEchoItem(echo, 'phone_app', origin));

const readHandover: ReadValue = (_, origin, raw) => [toHandoverItem(raw, origin)];

/** The lists of `standby` are nested one level deeper than those of `messages`. */
const unnest = (value: unknown): unknown => {
  const { data } = StandbyValue.safeParse(value);
  return data === undefined ? value : { ...data, ...data.standby };
};

/** A handover names the business number as its recipient. */
const withMetadata = (value: unknown): unknown => {
  const { data } = RecipientValue.safeParse(value);
  return data === undefined ? value : { metadata: data.recipient, ...data };
};

const toNumberItems = (raw: unknown, value: unknown, { channels, read }: { channels: Channels; read: ReadValue }) => {
  const parsed = NumberValue.safeParse(value);
  if (!parsed.success) return [unreadable('value', parsed.error, { raw })];
  const { phone_number_id, display_phone_number } = parsed.data.metadata;
  const channel = channels.get(phone_number_id);
  if (channel === undefined) return [ignored('foreign_number')];
  const number = parsePhone(display_phone_number?.replace(/\D/g, '') ?? '');
  const items = read(parsed.data, { channel, number, contacts: toContacts(parsed.data.contacts) }, raw);
  return items.length === 0 ? [ignored('other_event')] : items;
};

type ReadField = (value: unknown, owner: Owner, entry: Entry) => Items;

const ofNumber =
  (read: ReadValue, toValue: (raw: unknown) => unknown = (raw) => raw): ReadField =>
  (raw, { channels }) =>
    toNumberItems(raw, toValue(raw), { channels, read });

const readTemplate: ReadField = (value, { wabaId }, { id, time }) =>
  id === wabaId ? [toTemplateItem(value, time)] : [ignored('foreign_number')];

/**
 * The fields of Meta's webhooks that are read: an app must be subscribed to all of them. `history` and
 * `smb_app_state_sync` are none: they repeat old messages, which must not open a window (R4), and copy an address book.
 */
const FIELDS: Readonly<Record<string, ReadField>> = {
  messages: ofNumber(readMessages),
  standby: ofNumber(readStandby, unnest),
  messaging_handovers: ofNumber(readHandover, withMetadata),
  calls: ofNumber(readCalls),
  smb_message_echoes: ofNumber(readPhoneEchoes),
  user_preferences: ofNumber(readPreferences),
  message_template_status_update: readTemplate,
  message_template_quality_update: readTemplate,
  message_template_components_update: readTemplate,
  template_category_update: readTemplate,
};

/** The fields to which an app must be subscribed. */
export const SUBSCRIBED_FIELDS = Object.keys(FIELDS);

const toChangeItems = (raw: unknown, owner: Owner, entry: Entry): Items => {
  const parsed = Change.safeParse(raw);
  if (!parsed.success) return [unreadable('change', parsed.error, { raw })];
  const { field, value } = parsed.data;
  const read = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
  return read === undefined ? [ignored('other_event')] : read(value, owner, entry);
};

/** Reads one entry of a notification. */
export const toEntryItems = (raw: unknown, owner: Owner): Items => {
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
