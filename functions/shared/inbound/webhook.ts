import type { Account } from '../domain/config.ts';

/** The webhook that an item came with. */
export interface Webhook {
  readonly account: Account;
  readonly requestId: string;
}
