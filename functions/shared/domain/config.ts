import * as z from 'zod';
import { AwsSocialAccount } from './aws-social-account.ts';
import { GraphVersion, HttpOrigin, HttpUrl, Id, MetaWabaId } from './config-fields.ts';
import { checkReferences } from './config-references.ts';
import { EVENT_TYPES } from './event-types.ts';
import { DEFAULT_KEYWORDS, KeywordList } from './keywords.ts';
import { MovedFrom, PhoneNumberId } from './number.ts';
import { toPriceCategory } from './price-category.ts';
import { AwsSocialApiSecrets, MetaSecrets, SigningSecrets, SinchSecrets } from './secrets.ts';
import { DAY_SECONDS } from './time.ts';
import { WINDOW_SECONDS } from './window.ts';

/** Hosts, and those below them, whose files are fetched beside the provider's own. */
const MediaHosts = z
  .array(
    z
      .string()
      .regex(
        /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
        'must be a host name such as media.example.com',
      ),
  )
  .default([]);

const MetaAccount = z.strictObject({
  id: Id,
  provider: z.literal('meta'),
  wabaId: MetaWabaId,
  graphVersion: GraphVersion.default('v26.0'),
  baseUrl: HttpOrigin.default('https://graph.facebook.com'),
  /** Present where conversations are shared with Meta's Business Agent: `https://api.facebook.com`. */
  threadControlUrl: HttpOrigin.optional(),
  mediaHosts: MediaHosts,
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
  signatureMaxAgeSeconds: z.int().positive().default(DAY_SECONDS),
  mediaHosts: MediaHosts,
});
export type SinchAccount = z.infer<typeof SinchAccount>;

/** One app at a provider, with its credentials and webhook; owns channels. */
export const Account = z.discriminatedUnion('provider', [MetaAccount, SinchAccount, AwsSocialAccount]);
export type Account = z.infer<typeof Account>;

/** An account whose provider posts webhooks to the service; the events of AWS End User Messaging Social come through a queue. */
export type WebhookAccount = Exclude<Account, AwsSocialAccount>;

export const isWebhookAccount = (account: Account): account is WebhookAccount => account.provider !== 'aws-social';

export const isAwsSocialAccount = (account: Account): account is AwsSocialAccount => !isWebhookAccount(account);

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const isEndpoint = (url: string): boolean => {
  const { protocol, hostname, username, password } = new URL(url);
  const isProtected = protocol === 'https:' || LOOPBACK.includes(hostname);
  return isProtected && username === '' && password === '';
};

/** An endpoint that receives the events of a channel. */
const Delivery = z.strictObject({
  url: HttpUrl.refine(isEndpoint, {
    error: 'must be an https URL without user and password (http only at localhost, 127.0.0.1 and [::1])',
    abort: true,
  }),
  events: z
    .array(z.enum(EVENT_TYPES, `is none of the events: ${EVENT_TYPES.join(', ')}`))
    .min(1, 'needs at least one event; leave it out for all events')
    .optional(),
});
export type Delivery = z.infer<typeof Delivery>;

/** The price of a message by the provider's price category; an estimate where prices differ by country. */
export const Prices = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a currency of three letters, such as EUR'),
  categories: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z][A-Za-z_-]*$/, 'must be a price category of the provider, such as service or marketing'),
      z.number().nonnegative(),
    )
    .superRefine((categories, context) => {
      const names = Object.keys(categories);
      for (const [index, name] of names.entries())
        if (names.findIndex((other) => toPriceCategory(other) === toPriceCategory(name)) !== index)
          context.addIssue({ code: 'custom', path: [name], message: 'is given twice, in two spellings' });
    })
    .transform((categories) =>
      Object.fromEntries(Object.entries(categories).map(([name, price]) => [toPriceCategory(name), price])),
    ),
});
export type Prices = z.infer<typeof Prices>;

/** All thresholds are read in one request, together with the counters of a month. */
const MAX_THRESHOLDS = 50;

/** The longest time that a message takes from the last check of the window's end to WhatsApp (R7). */
export const MIN_SEND_MARGIN_SECONDS = 5;

/** The longest that messages and files are kept. */
export const MAX_RETENTION_DAYS = 3_650;

/** Times of a channel whose configuration gives none. */
export const CHANNEL_DEFAULTS = { sendMarginSeconds: 30, closingLeadSeconds: 3_600, retentionDays: 30 } as const;

/** One WhatsApp business number at one provider. */
export const Channel = z.strictObject({
  id: Id,
  account: Id,
  phoneNumberId: PhoneNumberId.optional(),
  /** Meta's id of a number at AWS. @default - read from the envelope of each event */
  metaPhoneNumberId: z.string().regex(/^\d+$/, 'must be the digits of Meta’s phone number id').optional(),
  displayPhoneNumber: z.string().optional(),
  /** @default - the number has not moved */
  movedFrom: MovedFrom.optional(),
  sendMarginSeconds: z
    .int()
    .min(
      MIN_SEND_MARGIN_SECONDS,
      `must be at least ${MIN_SEND_MARGIN_SECONDS}: a message may take so many seconds to reach WhatsApp`,
    )
    .max(WINDOW_SECONDS - 1)
    .default(CHANNEL_DEFAULTS.sendMarginSeconds),
  closingLeadSeconds: z
    .int()
    .min(1)
    .max(WINDOW_SECONDS - 1)
    .default(CHANNEL_DEFAULTS.closingLeadSeconds),
  retentionDays: z
    .int()
    .min(8, 'must be at least 8: providers repeat webhooks for 7 days')
    .max(MAX_RETENTION_DAYS)
    .default(CHANNEL_DEFAULTS.retentionDays),
  opensSession: z.strictObject({ reaction: z.boolean().optional(), unsupported: z.boolean().optional() }).default({}),
  optOutKeywords: KeywordList.default([...DEFAULT_KEYWORDS.optOutKeywords]),
  /** Opt-out words for marketing alone. */
  marketingOptOutKeywords: KeywordList.default([...DEFAULT_KEYWORDS.marketingOptOutKeywords]),
  optInKeywords: KeywordList.default([...DEFAULT_KEYWORDS.optInKeywords]),
  reengagementLimit: z.int().min(1).max(100).default(1),
  notifications: z.enum(['allow', 'forbid']).default('allow'),
  /** Counts of monthly active users; each publishes one event in the month in which it is reached. */
  mauThresholds: z
    .array(z.int().positive())
    .max(MAX_THRESHOLDS, `has more than ${MAX_THRESHOLDS} counts`)
    .refine((counts) => new Set(counts).size === counts.length, 'has a count twice')
    .default([]),
  prices: Prices.optional(),
  deliveries: z.array(Delivery).default([]),
  /** Copies the files of customers when they arrive, before the provider removes them. */
  captureMedia: z.boolean().default(false),
});
export type Channel = z.infer<typeof Channel>;

/** The accounts and channels of one deployment, without secrets: `infra/config.ts`. */
export const Config = z
  .strictObject({ accounts: z.array(Account).min(1), channels: z.array(Channel).min(1) })
  .superRefine(checkReferences);
export type Config = z.infer<typeof Config>;

const LocalDelivery = Delivery.extend({
  /** @default - a public secret */
  secrets: z.strictObject({ signingSecrets: SigningSecrets }).optional(),
});

/** The configuration of a local run: with the secrets of each account and each delivery. */
export const LocalConfig = z
  .strictObject({
    accounts: z
      .array(
        z.discriminatedUnion('provider', [
          MetaAccount.extend({ secrets: MetaSecrets }),
          SinchAccount.extend({ secrets: SinchSecrets }),
          AwsSocialAccount.extend({ secrets: AwsSocialApiSecrets }),
        ]),
      )
      .min(1),
    channels: z.array(Channel.extend({ deliveries: z.array(LocalDelivery).default([]) })).min(1),
  })
  .superRefine(checkReferences);
export type LocalConfig = z.infer<typeof LocalConfig>;
