import type { ProviderName } from './call-log.ts';
import type { MetaPrice } from './meta/prices.ts';

/** A message that a simulated provider took for delivery. */
export interface TakenMessage {
  readonly provider: ProviderName;
  /** Our id of the account whose webhook hears of its fate. */
  readonly account: string;
  /** The provider's id of the business number: Meta `phone_number_id`, Sinch `app_id`. */
  readonly business: string;
  readonly customer: string;
  readonly providerMessageId: string;
  /** What the sender gave it to carry; comes back in its statuses. */
  readonly reference: string | undefined;
  /** Comes with its statuses; Sinch tells of none. */
  readonly price?: MetaPrice;
}

export interface Outbox {
  readonly add: (message: TakenMessage) => void;
  /** Finds a message by the provider's id, or by the sender's id that its reference carries. */
  readonly find: (id: string) => TakenMessage | undefined;
}

export const createOutbox = (): Outbox => {
  const taken: TakenMessage[] = [];
  return {
    add: (message) => {
      taken.push(message);
    },
    find: (id) =>
      taken.findLast(({ providerMessageId, reference }) => providerMessageId === id || reference?.includes(id)),
  };
};
