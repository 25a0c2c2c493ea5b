import type { CustomerKey } from '../../domain/customer.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { transact } from '../dynamo/transaction.ts';
import { SendItem } from '../items.ts';
import { type ItemKey, messageKey, messageNameOf } from '../keys.ts';
import { type ClaimSend, confirmDecision, expiresAtOf, putClaim, putRecord, putReference } from './claim-operations.ts';
import { toReference } from './message-reference.ts';

/** A message that is recorded before the provider is called. */
export interface ClaimedSend {
  readonly kind: 'claimed';
  readonly key: ItemKey;
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly id: string;
  /** Fences the writes of this attempt (R11). */
  readonly claimedBy: string;
  readonly usesReengagement: boolean;
  /** The text that the provider carries with the message (R12). */
  readonly reference: string;
  /** The TTL of the message, epoch seconds. */
  readonly expiresAt: number;
}

export type ClaimOutcome =
  | ClaimedSend
  /** Another request has claimed the id. */
  | { readonly kind: 'id_claimed' }
  /** The state that the decision was made on has changed: decide again. */
  | { readonly kind: 'changed' };

/** Indexes of the operations that fail when the id is claimed. */
const CLAIM_AND_RECORD = [0, 1];

/** Whether the life of a claim's key has ended, so that its items are only not deleted yet. */
export const hasClaimEnded = ({ expiresAt }: Pick<SendItem, 'expiresAt'>, now: Date): boolean =>
  expiresAt !== undefined && expiresAt <= epochSeconds(now);

/** A repeated request to DynamoDB finds the claim that its first one wrote. */
const isOwnClaim = (stored: unknown, claimedBy: string): boolean =>
  SendItem.safeParse(stored).data?.claimedBy === claimedBy;

const keyOf = ({ id, channel, now, state: { customer, claim } }: ClaimSend): ItemKey =>
  claim === undefined || 'erased' in claim || hasClaimEnded(claim, now)
    ? messageKey({ channel, customer, atMs: now.getTime(), id })
    : { pk: claim.messagePk, sk: claim.messageSk };

/** Claims and records outbound messages before the provider is called. */
export const createClaimStore = (table: Table) => ({
  /** Claims the id, writes the record and uses the slot, all or nothing: after any crash the message is on record. */
  claimSend: async (send: ClaimSend): Promise<ClaimOutcome> => {
    const { id, channel, state, decision, claimedBy } = send;
    const key = keyOf(send);
    const claimed = await transact(table, [
      putClaim(table.tableName, send, key),
      putRecord(table.tableName, send, key),
      ...confirmDecision(table.tableName, send),
      ...putReference(table.tableName, send),
    ]);
    if (!claimed.ok && !isOwnClaim(claimed.failed.get(0), claimedBy))
      return { kind: CLAIM_AND_RECORD.some((index) => claimed.failed.has(index)) ? 'id_claimed' : 'changed' };
    return {
      kind: 'claimed',
      key,
      channel,
      customer: state.customer,
      id,
      claimedBy,
      usesReengagement: decision.usesReengagement,
      reference: toReference(messageNameOf(key)),
      expiresAt: expiresAtOf(send),
    };
  },
});
