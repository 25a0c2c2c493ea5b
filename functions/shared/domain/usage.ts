import { isPaid, type Pricing } from './pricing.ts';
import type { MessageStatus } from './status.ts';
import { toInstantOfMs } from './time.ts';

/** A calendar month in UTC, `yyyy-mm`. */
export const Month = /^\d{4}-(0[1-9]|1[0-2])$/;

export const monthOf = (atMs: number): string => toInstantOfMs(atMs).slice(0, 7);

/** How long the usage of a month is kept, that month included. */
const KEPT_MONTHS = 25;

/** The months in which messages are counted, newest first: those that are kept, and the next one for clocks that are ahead. */
export const countedMonths = (now: Date): readonly string[] =>
  Array.from({ length: KEPT_MONTHS + 1 }, (_, ago) =>
    monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 - ago, 1)),
  );

/** The TTL of a month's usage, in epoch seconds. */
export const keptUntil = (month: string): number => {
  const [year = 0, of = 1] = month.split('-').map(Number);
  return Date.UTC(year, of - 1 + KEPT_MONTHS, 1) / 1000;
};

/** What another sender wrote from the same number: it is not counted (R14). */
interface Echo {
  readonly direction: 'echo';
}

/** The fields of a message that usage depends on; times in epoch milliseconds, `countedAt` in epoch seconds. */
export type UsageMessage =
  | {
      readonly direction: 'inbound';
      readonly at: number;
      readonly countedAt?: number | undefined;
      readonly content: {
        readonly type: string;
        readonly source?: unknown;
        readonly kind?: unknown;
        readonly event?: unknown;
      };
    }
  | {
      readonly direction: 'outbound';
      readonly sentAs: 'session' | 'template';
      readonly statuses: readonly { readonly status: MessageStatus; readonly at: number }[];
      readonly content: { readonly type: string };
      readonly decision: { readonly template?: { readonly category: string } | undefined };
      readonly pricing?: (Pricing & { readonly at: number }) | undefined;
    };

const PROOFS: readonly MessageStatus[] = ['delivered', 'read', 'played'];
/** A message that the provider holds counts once it is sent. */
const ACCEPTED_BY_PROVIDER: readonly MessageStatus[] = ['sent', ...PROOFS];

/** Whether WhatsApp created the message, and not the customer; a raw message is recognised by its kind. */
const isAutomatic = ({ type, source, kind, event }: Extract<UsageMessage, { direction: 'inbound' }>['content']) => {
  switch (type) {
    case 'raw':
      return kind === 'system' || kind === 'interactive.call_permission_reply.automatic';
    case 'system':
    case 'handover':
      return true;
    case 'call':
      return event === 'terminate';
    default:
      return type === 'call_permission_reply' && source === 'automatic';
  }
};

/** When the customer sent the message, or the provider accepted it (R14); `undefined` when neither has happened. */
export const activeAt = (message: UsageMessage | Echo | undefined): number | undefined => {
  if (message === undefined || message.direction === 'echo') return undefined;
  if (message.direction === 'outbound')
    return message.statuses.find(({ status }) => ACCEPTED_BY_PROVIDER.includes(status))?.at;
  if (isAutomatic(message.content)) return undefined;
  return message.countedAt === undefined ? message.at : message.countedAt * 1000;
};

const kindOf = (message: UsageMessage): string => {
  if (message.direction === 'inbound') return `inbound.${message.content.type}`;
  if (message.sentAs === 'session') return `session.${message.content.type}`;
  return `template.${(message.decision.template?.category ?? 'unknown').toLowerCase()}`;
};

/** A count of a message, made once in its month. */
export interface UsageCount {
  /** Distinguishes the counts of one message. */
  readonly what: 'message' | 'price' | 'refund' | 'recharge';
  readonly month: string;
  /** `<kind>.<type>`, or `price.<category>.<type>.<paid|free|unknown>`. */
  readonly counter: string;
  readonly by: 1 | -1;
}

const messageCount = (message: UsageMessage): UsageCount | undefined => {
  const at = activeAt(message);
  return at === undefined ? undefined : { what: 'message', month: monthOf(at), counter: kindOf(message), by: 1 };
};

const CHARGE = { true: 'paid', false: 'free', undefined: 'unknown' } as const;
export const CHARGES = Object.values(CHARGE);

/** The counter of a price, with type `none` where the provider gives none. */
const priceCounter = (pricing: Pricing): string =>
  ['price', pricing.category, pricing.type ?? 'none', CHARGE[`${isPaid(pricing)}`]].join('.');

/** Parses the counter of a price; `undefined` for any other counter. */
export const readPriceCounter = (counter: string) => {
  const [kind, category = '', type = '', charge] = counter.split('.');
  const known = CHARGES.find((one) => one === charge);
  return kind === 'price' && known !== undefined ? { category, type, charge: known } : undefined;
};

/** A price counts in the month of its message, also when it is reported in the next one. */
const priceCount = (message: UsageMessage): UsageCount | undefined => {
  if (message.direction === 'inbound' || message.pricing === undefined) return undefined;
  const { pricing } = message;
  const month = monthOf(activeAt(message) ?? pricing.at);
  return { what: 'price', month, counter: priceCounter(pricing), by: 1 };
};

/** WhatsApp charges for delivered messages (developers.facebook.com, "Pricing"): one that fails after it was priced costs nothing. */
const refundCount = (message: UsageMessage): UsageCount | undefined => {
  const priced = priceCount(message);
  const hasFailed = message.direction === 'outbound' && message.statuses.some(({ status }) => status === 'failed');
  return priced === undefined || !hasFailed ? undefined : { ...priced, what: 'refund', by: -1 };
};

/** One that was delivered after all costs its price again (R13). */
const rechargeCount = (message: UsageMessage): UsageCount | undefined => {
  const refunded = refundCount(message);
  if (refunded === undefined || message.direction === 'inbound') return undefined;
  const failedAt = message.statuses.findIndex(({ status }) => status === 'failed');
  const isProven = message.statuses.slice(failedAt).some(({ status }) => PROOFS.includes(status));
  return isProven ? { ...refunded, what: 'recharge', by: 1 } : undefined;
};

/** The counts that a change of a message adds to the usage of its month; none when the message is removed. */
export const countsOf = (
  before: UsageMessage | Echo | undefined,
  after: UsageMessage | Echo | undefined,
): readonly UsageCount[] => {
  if (after === undefined || after.direction === 'echo') return [];
  const counted = before?.direction === 'echo' ? undefined : before;
  return [messageCount, priceCount, refundCount, rechargeCount].flatMap((countOf) => {
    const count = countOf(after);
    const isCounted = counted !== undefined && countOf(counted) !== undefined;
    return count === undefined || isCounted ? [] : [count];
  });
};
