/** WhatsApp's own rule: free-form messages for 24 hours after the customer's last message. */
const CARE_HOURS = 24;

/** A message that a customer sent to a business number. */
export interface CustomerMessage {
  /** The provider's id of the business number: Meta `phone_number_id`, Sinch `app_id`. */
  readonly business: string;
  /** Every name the provider knows the customer by: digits of the phone number, user id. */
  readonly customer: readonly string[];
  readonly atMs: number;
}

/**
 * What WhatsApp knows of its customers, kept apart from the service's table and decided by code of its own,
 * so that a wrong decision of the service shows as a refusal.
 */
export interface WhatsApp {
  readonly hear: (message: CustomerMessage) => void;
  /** Whether a free-form message may go to the customer now. */
  readonly isOpen: (business: string, customer: string) => boolean;
}

interface Person {
  readonly names: ReadonlySet<string>;
  readonly lastWroteMs: number;
}

const keyOf = (business: string, name: string): string => `${business} ${name.replace(/^\+/, '')}`;

export const createWhatsApp = (now: () => Date): WhatsApp => {
  const people = new Map<string, Person>();
  return {
    hear: ({ business, customer, atMs }) => {
      const keys = customer.map((name) => keyOf(business, name));
      const known = keys.map((key) => people.get(key)).filter((person) => person !== undefined);
      const person: Person = {
        names: new Set([...keys, ...known.flatMap(({ names }) => [...names])]),
        lastWroteMs: Math.max(atMs, ...known.map(({ lastWroteMs }) => lastWroteMs)),
      };
      for (const name of person.names) people.set(name, person);
    },
    isOpen: (business, customer) => {
      const person = people.get(keyOf(business, customer));
      return person !== undefined && now().getTime() - person.lastWroteMs < CARE_HOURS * 3_600_000;
    },
  };
};
