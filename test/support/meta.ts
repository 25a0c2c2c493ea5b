import { createHmac } from 'node:crypto';
import type { MetaAccount } from '../../functions/shared/domain/config.ts';
import { Channel } from '../../functions/shared/domain/config.ts';
import type { InboundMessage } from '../../functions/shared/domain/inbound.ts';
import type { MetaSecrets } from '../../functions/shared/domain/secrets.ts';
import { createMetaReader } from '../../functions/shared/providers/meta/reader.ts';
import type { StatusReport, WebhookItem } from '../../functions/shared/providers/provider.ts';

export const PHONE_NUMBER_ID = '300000000000001';
export const SENT_AT = 1_790_000_000;

export const metaSecrets: MetaSecrets = {
  appSecrets: ['fixture-app-secret'],
  verifyToken: 'fixture-verify-token',
  accessToken: 'fixture-access-token',
};

export const aMetaAccount = (overrides: Partial<MetaAccount> = {}): MetaAccount => ({
  id: 'shop-meta',
  provider: 'meta',
  wabaId: '700000000000001',
  graphVersion: 'v26.0',
  baseUrl: 'http://127.0.0.1:9',
  mediaHosts: [],
  ...overrides,
});

export const aMetaChannel = (overrides: Partial<Channel> = {}): Channel => ({
  ...Channel.parse({ id: 'support', account: 'shop-meta', phoneNumberId: PHONE_NUMBER_ID }),
  ...overrides,
});

/** A reader of one account with one channel, or the ones given. */
export const aMetaReader = (channels: readonly Channel[] = [aMetaChannel()], secrets: Partial<MetaSecrets> = {}) =>
  createMetaReader({ account: aMetaAccount(), channels, secrets: async () => ({ ...metaSecrets, ...secrets }) });

/** Signs as Meta does: HMAC-SHA256 over the bytes as they go over the wire. */
export const signMeta = (body: Uint8Array | string, secret = 'fixture-app-secret'): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

export type Wire = Record<string, unknown>;

export const aContact = (overrides: Wire = {}): Wire => ({
  profile: { name: 'Mira Holm' },
  wa_id: '4915112345678',
  user_id: 'DE.4000000000000001',
  ...overrides,
});

/** A message as Meta sends it; `undefined` takes a property away. */
export const aMessage = (overrides: Wire = {}): Wire => ({
  from: '4915112345678',
  from_user_id: 'DE.4000000000000001',
  id: 'wamid.FIXTURE1',
  timestamp: String(SENT_AT),
  type: 'text',
  text: { body: 'Guten Tag' },
  ...overrides,
});

export const aMessageOf = (type: string, content: unknown, overrides: Wire = {}): Wire =>
  aMessage({ type, text: undefined, [type]: content, ...overrides });

export const aStatus = (overrides: Wire = {}): Wire => ({
  id: 'wamid.OUT1',
  status: 'delivered',
  timestamp: String(SENT_AT + 5),
  recipient_id: '4915112345678',
  biz_opaque_callback_data: 'msg_01',
  ...overrides,
});

export const aValue = (overrides: Wire = {}): Wire => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '49301234567', phone_number_id: PHONE_NUMBER_ID },
  ...overrides,
});

export const aChange = (value: unknown, field = 'messages'): Wire => ({ field, value });

export const aNotification = (...changes: readonly unknown[]): Wire => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '700000000000001', changes }],
});

export const toBytes = (json: unknown): Uint8Array => Buffer.from(JSON.stringify(json));

/** Parses a notification as it comes over the wire. */
export const parseMeta = (notification: unknown, channels?: readonly Channel[]): readonly WebhookItem[] =>
  aMetaReader(channels).parse(toBytes(notification));

/** The items of one change in the field `messages`, from the contact {@link aContact}. */
export const parseMessages = (...messages: readonly unknown[]): readonly WebhookItem[] =>
  parseMeta(aNotification(aChange(aValue({ contacts: [aContact()], messages }))));

export const messagesOf = (items: readonly WebhookItem[]): readonly InboundMessage[] =>
  items.flatMap((item) => (item.kind === 'message' ? [item.message] : []));

export const reportsOf = (items: readonly WebhookItem[]): readonly StatusReport[] =>
  items.flatMap((item) => (item.kind === 'status' ? [item.report] : []));

/** The only message of the only change; throws when there is another outcome. */
export const readMessage = (message: unknown): InboundMessage => {
  const [read, ...others] = messagesOf(parseMessages(message));
  if (read === undefined || others.length > 0) throw new Error('expected exactly one message');
  return read;
};
