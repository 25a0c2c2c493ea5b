import type { MessageStatus } from './status.ts';

/** A calendar month in UTC, `yyyy-mm`. */
export const Month = /^\d{4}-(0[1-9]|1[0-2])$/;

export const monthOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 7);

/** For how long a month's usage is kept, that month included. */
export const KEPT_MONTHS = 25;

/** The months whose usage is kept, newest first. */
export const keptMonths = (now: Date): readonly string[] =>
  Array.from({ length: KEPT_MONTHS }, (_, ago) => monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - ago, 1)));

/** A message as far as usage looks at it; times in epoch milliseconds, `countedAt` in epoch seconds. */
export type UsageMessage =
  | {
      readonly direction: 'inbound';
      readonly at: number;
      readonly countedAt?: number | undefined;
      readonly content: { readonly type: string; readonly source?: unknown };
    }
  | {
      readonly direction: 'outbound';
      readonly sentAs: 'session' | 'template';
      readonly statuses: readonly { readonly status: MessageStatus; readonly at: number }[];
      readonly content: { readonly type: string };
      readonly decision: { readonly template?: { readonly category: string } | undefined };
      readonly pricing?: StoredPricing | undefined;
    };

interface StoredPricing {
  readonly category: string;
  readonly type?: string | undefined;
  readonly billable?: boolean | undefined;
  readonly at: number;
}

const TAKEN: readonly MessageStatus[] = ['sent', 'delivered', 'read', 'played'];

/** WhatsApp speaks here in the customer's name. */
const isAutomatic = ({ type, source }: { readonly type: string; readonly source?: unknown }): boolean =>
  type === 'system' || (type === 'call_permission_reply' && source === 'automatic');

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

/** How the provider charges it, in one word; without a type it says at most whether it is billable. */
const priceTypeOf = ({ type, billable }: StoredPricing): string =>
  type ?? (billable === undefined ? 'unknown' : billable ? 'billable' : 'not_billable');

/** Something about a message that is counted once in its month. */
export interface Tally {
  readonly month: string;
  /** What is counted up: `<kind>.<type>` once the message counts, `price.<category>.<type>` once its price is known. */
  readonly counter: string;
}

const priceTally = (message: UsageMessage | undefined): Tally | undefined => {
  if (message?.direction !== 'outbound' || message.pricing === undefined) return undefined;
  const { category, at } = message.pricing;
  return { month: monthOf(at), counter: `price.${category}.${priceTypeOf(message.pricing)}` };
};

const messageTally = (message: UsageMessage | undefined): Tally | undefined => {
  const at = activeAt(message);
  return message === undefined || at === undefined ? undefined : { month: monthOf(at), counter: kindOf(message) };
};

/** What a change of a message adds to the usage of its month; nothing when it only goes. */
export const talliesOf = (before: UsageMessage | undefined, after: UsageMessage | undefined): readonly Tally[] =>
  [messageTally, priceTally].flatMap((tallyOf) => {
    const tally = tallyOf(after);
    return tally === undefined || tallyOf(before) !== undefined ? [] : [tally];
  });
