import type { ConsentChange } from '../../domain/consent.ts';
import type { CustomerKey } from '../../domain/customer.ts';
import { countedAt } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce, updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { ConsentItem, CustomerItem } from '../items.ts';
import { consentKey, customerKey } from '../keys.ts';
import { followMerge, type Merged } from './follow-merge.ts';

export interface RecordConsent {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly change: ConsentChange;
  readonly now: Date;
}

export interface ConsentRecorded {
  /** `older`: it is recorded in the history alone. `duplicate`: it was recorded before. */
  readonly kind: 'applied' | 'older' | 'duplicate';
  /** The whole second at which it counts, the same at every delivery (R3). */
  readonly effectiveAt: number;
}

/** Adds a change to the history once, under its source's second, together with the second at which it counts (R3). */
const addToHistory = async (table: Table, { channel, customer, change, now }: RecordConsent) => {
  const key = consentKey({ channel, customer, at: change.effectiveAt, id: change.id });
  const effectiveAt = countedAt(change.effectiveAt * 1000, now);
  const put = await putOnce(table, { ...key, ...change, effectiveAt });
  return put.ok ? { isNew: true, effectiveAt } : { isNew: false, effectiveAt: ConsentItem.parse(put.item).effectiveAt };
};

/** `supersedes` as a condition: the newer change wins, of two in the same second the stricter (R9). */
const SUPERSEDES = {
  opted_in: '#consent.effectiveAt < :at',
  opted_out: '#consent.effectiveAt < :at OR (#consent.effectiveAt = :at AND #consent.#state <> :state)',
} as const satisfies Record<ConsentChange['state'], string>;

/** Puts the change in force unless a newer one is; false when one is. */
const apply = async (
  table: Table,
  { channel, customer, change }: RecordConsent,
  effectiveAt: number,
): Promise<boolean | Merged> => {
  const { state, source, actor, text, categories } = change;
  const isStricter = state === 'opted_out';
  const applied = await updateConditionally(table, customerKey(channel, customer), {
    UpdateExpression: 'SET #consent = :consent ADD consentVersion :one',
    ConditionExpression: `attribute_not_exists(movedTo) AND (attribute_not_exists(#consent) OR ${SUPERSEDES[state]})`,
    ExpressionAttributeNames: {
      '#consent': change.scope === 'all' ? 'consent' : 'marketing',
      ...(isStricter ? { '#state': 'state' } : {}),
    },
    ExpressionAttributeValues: {
      ':consent': { state, effectiveAt, source, actor, text, categories },
      ':at': effectiveAt,
      ':one': 1,
      ...(isStricter ? { ':state': state } : {}),
    },
    ...RETURN_OLD_ITEM,
  });
  if (applied.ok) return true;
  const { movedTo } = CustomerItem.parse(applied.item);
  return movedTo === undefined ? false : { movedTo };
};

/**
 * Records one change of a customer's consent: first in the history, then in force. Both writes are conditional, so that
 * any order, any repetition and a crash between them lead to the same consent (R9).
 */
export const recordConsent = (table: Table, record: RecordConsent): Promise<ConsentRecorded> =>
  followMerge(record.customer, async (customer): Promise<ConsentRecorded | Merged> => {
    const here = { ...record, customer };
    const { isNew, effectiveAt } = await addToHistory(table, here);
    const applied = await apply(table, here, effectiveAt);
    if (typeof applied === 'object') return applied;
    return { kind: applied ? 'applied' : isNew ? 'older' : 'duplicate', effectiveAt };
  });

/** Records changes of a customer's consent. */
export const createConsentStore = (table: Table) => ({
  /** Records one change; idempotent, in any order (R9). */
  recordConsent: (record: RecordConsent): Promise<ConsentRecorded> => recordConsent(table, record),
});
