import * as z from 'zod';
import { waIdOf } from './wa-id.ts';

/** WhatsApp's own rule: free-form messages for 24 hours after the customer's last message. */
const SESSION_HOURS = 24;

/** A message that a customer sent to a business number. */
export interface CustomerMessage {
  /** The provider's id of the business number: Meta `phone_number_id`, Sinch `app_id`. */
  readonly business: string;
  /** Every name by which the provider knows the customer: digits of the phone number, user id. */
  readonly customer: readonly string[];
  readonly atMs: number;
}

/**
 * WhatsApp's own record of its customers. It shares neither the table nor the code of the service,
 * so that a wrong decision of the service shows as a refusal.
 */
export interface WhatsApp {
  readonly record: (message: CustomerMessage) => void;
  /** Whether WhatsApp accepts a free-form message to the customer now. */
  readonly isOpen: (business: string, customer: string) => boolean;
  readonly save: () => SavedCustomer[];
  /** Replaces every customer. */
  readonly load: (customers: readonly SavedCustomer[]) => void;
}

/** A customer as JSON: the names at a business number, and when the last message came. */
export const SavedCustomer = z.strictObject({ keys: z.array(z.string()), lastMessageMs: z.number() });
export type SavedCustomer = z.infer<typeof SavedCustomer>;

interface Customer {
  readonly keys: ReadonlySet<string>;
  readonly lastMessageMs: number;
}

const keyOf = (business: string, name: string): string => `${business} ${waIdOf(name)}`;

export const createWhatsApp = (now: () => Date): WhatsApp => {
  const customers = new Map<string, Customer>();
  return {
    record: ({ business, customer: names, atMs }) => {
      const keys = names.map((name) => keyOf(business, name));
      const known = keys.map((key) => customers.get(key)).filter((customer) => customer !== undefined);
      const customer: Customer = {
        keys: new Set([...keys, ...known.flatMap((other) => [...other.keys])]),
        lastMessageMs: Math.max(atMs, ...known.map(({ lastMessageMs }) => lastMessageMs)),
      };
      for (const key of customer.keys) customers.set(key, customer);
    },
    isOpen: (business, name) => {
      const customer = customers.get(keyOf(business, name));
      return customer !== undefined && now().getTime() - customer.lastMessageMs < SESSION_HOURS * 3_600_000;
    },
    save: () => [...new Set(customers.values())].map(({ keys, lastMessageMs }) => ({ keys: [...keys], lastMessageMs })),
    load: (saved) => {
      customers.clear();
      for (const { keys, lastMessageMs } of saved)
        for (const key of keys) customers.set(key, { keys: new Set(keys), lastMessageMs });
    },
  };
};
