import * as z from 'zod';
import { EVENT_TYPES } from './event-types.ts';

const Id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'is a name of letters, digits, hyphens and underscores, 63 at most');

const HttpUrl = z.url({ protocol: /^https?$/, error: 'is not an http(s) URL', abort: true });

const isOrigin = (url: string): boolean => {
  const { origin, href } = new URL(url);
  return href === `${origin}/` && !url.endsWith('/');
};

const HttpOrigin = HttpUrl.refine(isOrigin, 'is an origin: scheme, host and port, without a path');

const Secret = z.string().min(1);

/** Secrets of a Meta app: one or more app secrets (several while one is being rotated), the verify token, the access token. */
export const MetaSecrets = z.strictObject({
  appSecrets: z.array(Secret).min(1),
  verifyToken: Secret,
  accessToken: Secret,
});
export type MetaSecrets = z.infer<typeof MetaSecrets>;

/** Secrets of a Sinch app: one or more webhook secrets and the access key that OAuth2 tokens are asked with. */
export const SinchSecrets = z.strictObject({
  webhookSecrets: z.array(Secret).min(1),
  keyId: Secret,
  keySecret: Secret,
});
export type SinchSecrets = z.infer<typeof SinchSecrets>;

const MetaAccount = z.strictObject({
  id: Id,
  provider: z.literal('meta'),
  wabaId: z.string().regex(/^\d+$/, 'is the digits of the WhatsApp business account id'),
  graphVersion: z
    .string()
    .regex(/^v\d+\.\d+$/, 'is a Graph API version such as v26.0')
    .default('v26.0'),
  baseUrl: HttpOrigin.default('https://graph.facebook.com'),
});
export type MetaAccount = z.infer<typeof MetaAccount>;

const SinchAccount = z.strictObject({
  id: Id,
  provider: z.literal('sinch'),
  region: z.enum(['eu', 'us', 'br']),
  projectId: z.string().min(1),
  appId: z.string().min(1),
  baseUrl: HttpOrigin.optional(),
  authUrl: HttpUrl.default('https://auth.sinch.com/oauth2/token'),
  provisioningUrl: HttpOrigin.default('https://provisioning.api.sinch.com'),
  signatureMaxAgeSeconds: z.int().positive().default(86_400),
});
export type SinchAccount = z.infer<typeof SinchAccount>;

/** Credentials and webhook of one provider app; owns channels. */
export const Account = z.discriminatedUnion('provider', [MetaAccount, SinchAccount]);
export type Account = z.infer<typeof Account>;

const SIGNING_SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/** As Standard Webhooks writes a secret, and as long as it asks for. */
const isSigningSecret = (secret: string): boolean => {
  const bytes = atob(SIGNING_SECRET.exec(secret)?.[1] ?? '').length;
  return bytes >= 24 && bytes <= 64;
};

/** The secrets that an endpoint's events are signed with: several while one is being rotated. */
export const SigningSecrets = z
  .array(z.string().refine(isSigningSecret, 'is whsec_ and the base64 of 24 to 64 random bytes'))
  .min(1);
export type SigningSecrets = z.infer<typeof SigningSecrets>;

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const isEndpoint = (url: string): boolean => {
  const { protocol, hostname, username, password } = new URL(url);
  const isReachedSafely = protocol === 'https:' || LOOPBACK.includes(hostname);
  return isReachedSafely && username === '' && password === '';
};

/** An endpoint that gets the events of a channel. */
const Delivery = z.strictObject({
  url: HttpUrl.refine(isEndpoint, {
    error: 'is an https URL without user and password (http only at localhost, 127.0.0.1 and [::1])',
    abort: true,
  }),
  events: z
    .array(z.enum(EVENT_TYPES, `is none of the events: ${EVENT_TYPES.join(', ')}`))
    .min(1, 'names one event at least; leave it out for all of them')
    .optional(),
});
export type Delivery = z.infer<typeof Delivery>;

const Keyword = z.string().trim().min(1, 'is a word that the customer would write');

/** What the business pays for a message, by the provider's price category: an estimate where prices differ by country. */
export const Prices = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'is a currency of three letters, such as EUR'),
  categories: z.record(
    z.string().regex(/^[a-z][a-z_]*$/, 'is a price category as the provider calls it, such as service or marketing'),
    z.number().nonnegative(),
  ),
});
export type Prices = z.infer<typeof Prices>;

/** They are read in one request, together with the counters of a month. */
const MAX_THRESHOLDS = 50;

/** One WhatsApp business number at one provider. */
export const Channel = z.strictObject({
  id: Id,
  account: Id,
  phoneNumberId: z.string().regex(/^\d+$/, 'is the digits of the phone number id').optional(),
  displayPhoneNumber: z.string().optional(),
  sendMarginSeconds: z.int().min(0).max(86_399).default(30),
  closingLeadSeconds: z.int().min(1).max(86_399).default(3600),
  retentionDays: z.int().min(8, 'is at least 8: providers repeat webhooks for 7 days').max(3650).default(30),
  opensSession: z.strictObject({ reaction: z.boolean().optional(), unsupported: z.boolean().optional() }).default({}),
  optOutKeywords: z.array(Keyword).default(['STOP', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT']),
  optInKeywords: z.array(Keyword).default(['START', 'UNSTOP', 'SUBSCRIBE']),
  reengagementLimit: z.int().min(1).max(100).default(1),
  notifications: z.enum(['allow', 'forbid']).default('allow'),
  /** Counts of monthly active users; each is told of once a month when it is reached. */
  mauThresholds: z
    .array(z.int().positive())
    .max(MAX_THRESHOLDS, `holds ${MAX_THRESHOLDS} counts at most`)
    .refine((counts) => new Set(counts).size === counts.length, 'holds each count once')
    .default([]),
  prices: Prices.optional(),
  deliveries: z.array(Delivery).default([]),
});
export type Channel = z.infer<typeof Channel>;

/** Of two endpoints with one URL neither could be told from the other; the URL itself may be confidential. */
const repeatedUrls = ({ deliveries }: Channel): readonly (readonly [number, string])[] => {
  const urls = deliveries.map(({ url }) => new URL(url).href);
  return urls.flatMap((url, index): [number, string][] => {
    const first = urls.indexOf(url);
    return first === index ? [] : [[index, `repeats the url of deliveries.${first}`]];
  });
};

const coherent = (
  { accounts, channels }: { accounts: readonly Account[]; channels: readonly Channel[] },
  context: z.RefinementCtx,
) => {
  const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const repeats = (ids: readonly (string | undefined)[], of: string, field: string) => {
    for (const [index, id] of ids.entries())
      if (id !== undefined && ids.indexOf(id) !== index) issue([of, index, field], `repeats "${id}"`);
  };
  repeats(
    accounts.map(({ id }) => id),
    'accounts',
    'id',
  );
  repeats(
    channels.map(({ id }) => id),
    'channels',
    'id',
  );
  repeats(
    channels.map(({ phoneNumberId }) => phoneNumberId),
    'channels',
    'phoneNumberId',
  );
  for (const [index, channel] of channels.entries()) {
    const account = accounts.find(({ id }) => id === channel.account);
    if (account === undefined) issue(['channels', index, 'account'], `names no account: "${channel.account}"`);
    if (account?.provider === 'meta' && channel.phoneNumberId === undefined)
      issue(['channels', index, 'phoneNumberId'], 'is required for a channel of a Meta account');
    for (const [place, message] of repeatedUrls(channel))
      issue(['channels', index, 'deliveries', place, 'url'], message);
  }
  for (const [index, account] of accounts.entries()) {
    const owned = channels.filter((channel) => channel.account === account.id).length;
    if (account.provider === 'sinch' && owned !== 1)
      issue(['accounts', index], `a Sinch app has exactly one WhatsApp number: one channel, not ${owned}`);
  }
};

/** Accounts and channels of one deployment, without secrets: what `infra/config.ts` states. */
export const Config = z
  .strictObject({ accounts: z.array(Account).min(1), channels: z.array(Channel).min(1) })
  .superRefine(coherent);
export type Config = z.infer<typeof Config>;

const LocalDelivery = Delivery.extend({
  /** @default - a secret that everyone knows */
  secrets: z.strictObject({ signingSecrets: SigningSecrets }).optional(),
});

/** The same with the secrets beside each account and each delivery, for a local run. */
export const LocalConfig = z
  .strictObject({
    accounts: z
      .array(
        z.discriminatedUnion('provider', [
          MetaAccount.extend({ secrets: MetaSecrets }),
          SinchAccount.extend({ secrets: SinchSecrets }),
        ]),
      )
      .min(1),
    channels: z.array(Channel.extend({ deliveries: z.array(LocalDelivery).default([]) })).min(1),
  })
  .superRefine(coherent);
export type LocalConfig = z.infer<typeof LocalConfig>;
