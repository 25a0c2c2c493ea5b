import { isPaid, type Pricing } from './pricing.ts';
import type { MessageStatus } from './status.ts';

/** A calendar month in UTC, `yyyy-mm`. */
export const Month = /^\d{4}-(0[1-9]|1[0-2])$/;

export const monthOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 7);

/** For how long a month's usage is kept, that month included. */
const KEPT_MONTHS = 25;

/** The months in which something may count, newest first: those that are kept, and the next one for clocks that run ahead. */
export const countedMonths = (now: Date): readonly string[] =>
  Array.from({ length: KEPT_MONTHS + 1 }, (_, ago) =>
    monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 - ago, 1)),
  );

/** Epoch seconds at which the usage of a month is no longer kept. */
export const keptUntil = (month: string): number => {
  const [year = 0, of = 1] = month.split('-').map(Number);
  return Date.UTC(year, of - 1 + KEPT_MONTHS, 1) / 1000;
};

/** A message as far as usage looks at it; times in epoch milliseconds, `countedAt` in epoch seconds. */
export type UsageMessage =
  | {
      readonly direction: 'inbound';
      readonly at: number;
      readonly countedAt?: number | undefined;
      readonly content: { readonly type: string; readonly source?: unknown; readonly kind?: unknown };
    }
  | {
      readonly direction: 'outbound';
      readonly sentAs: 'session' | 'template';
      readonly statuses: readonly { readonly status: MessageStatus; readonly at: number }[];
      readonly content: { readonly type: string };
      readonly decision: { readonly template?: { readonly category: string } | undefined };
      readonly pricing?: (Pricing & { readonly at: number }) | undefined;
    };

const TAKEN: readonly MessageStatus[] = ['sent', 'delivered', 'read', 'played'];

/** WhatsApp speaks here in the customer's name; what could not be read is known by its kind. */
const isAutomatic = ({ type, source, kind }: Extract<UsageMessage, { direction: 'inbound' }>['content']): boolean => {
  if (type === 'raw') return kind === 'system' || kind === 'interactive.call_permission_reply.automatic';
  return type === 'system' || (type === 'call_permission_reply' && source === 'automatic');
};

/** When the customer sent this message, or the provider took it for them (R14); `undefined` when neither has happened. */
export const activeAt = (message: UsageMessage | undefined): number | undefined => {
  if (message === undefined) return undefined;
  if (message.direction === 'outbound') return message.statuses.find(({ status }) => TAKEN.includes(status))?.at;
  if (isAutomatic(message.content)) return undefined;
  return message.countedAt === undefined ? message.at : message.countedAt * 1000;
};

const kindOf = (message: UsageMessage): string => {
  if (message.direction === 'inbound') return `inbound.${message.content.type}`;
  if (message.sentAs === 'session') return `session.${message.content.type}`;
  return `template.${(message.decision.template?.category ?? 'unknown').toLowerCase()}`;
};

/** Something about a message that is counted once in its month. */
export interface Tally {
  /** What makes it another count of the same message. */
  readonly what: 'message' | 'price' | 'refund';
  readonly month: string;
  /** What is counted: `<kind>.<type>`, or `price.<category>.<type>.<paid|free|unknown>`. */
  readonly counter: string;
  readonly by: 1 | -1;
}

const messageTally = (message: UsageMessage): Tally | undefined => {
  const at = activeAt(message);
  return at === undefined ? undefined : { what: 'message', month: monthOf(at), counter: kindOf(message), by: 1 };
};

const CHARGE = { true: 'paid', false: 'free', undefined: 'unknown' } as const;
export const CHARGES = Object.values(CHARGE);

/** How a price is counted: `price.<category>.<type>.<charge>`; `none` where the provider names no type. */
const priceCounter = (pricing: Pricing): string =>
  ['price', pricing.category, pricing.type ?? 'none', CHARGE[`${isPaid(pricing)}`]].join('.');

/** Reads the counter of a price back; `undefined` for any other. */
export const readPriceCounter = (counter: string) => {
  const [kind, category = '', type = '', charge] = counter.split('.');
  const known = CHARGES.find((one) => one === charge);
  return kind === 'price' && known !== undefined ? { category, type, charge: known } : undefined;
};

/** The price of a message belongs to the month of the message, also when it is told in the next one. */
const priceTally = (message: UsageMessage): Tally | undefined => {
  if (message.direction === 'inbound' || message.pricing === undefined) return undefined;
  const { pricing } = message;
  const month = monthOf(activeAt(message) ?? pricing.at);
  return { what: 'price', month, counter: priceCounter(pricing), by: 1 };
};

/** WhatsApp charges what it delivers (developers.facebook.com, "Pricing"): what fails after it was priced costs nothing. */
const refundTally = (message: UsageMessage): Tally | undefined => {
  const priced = priceTally(message);
  const hasFailed = message.direction === 'outbound' && message.statuses.some(({ status }) => status === 'failed');
  return priced === undefined || !hasFailed ? undefined : { ...priced, what: 'refund', by: -1 };
};

/** What a change of a message adds to the usage of its month; nothing when it only goes. */
export const talliesOf = (before: UsageMessage | undefined, after: UsageMessage | undefined): readonly Tally[] =>
  [messageTally, priceTally, refundTally].flatMap((tallyOf) => {
    const tally = after === undefined ? undefined : tallyOf(after);
    const isKnown = before !== undefined && tallyOf(before) !== undefined;
    return tally === undefined || isKnown ? [] : [tally];
  });
