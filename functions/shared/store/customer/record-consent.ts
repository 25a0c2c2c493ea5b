import { isDeepStrictEqual } from 'node:util';
import type { ConsentChange } from '../../domain/consent.ts';
import type { CustomerKey } from '../../domain/customer.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { itemExists, transact } from '../dynamo/transaction.ts';
import { CustomerItem } from '../items.ts';
import { customerKey } from '../keys.ts';
import {
  addToHistory,
  attributesOf,
  consentOf,
  historyKeyOf,
  NEXT_VERSION,
  RAISE_VERSION,
  type RecordConsent,
} from './consent-history.ts';
import { followMerge, type Merged } from './follow-merge.ts';
import { KNOWN_SINCE } from './known-since.ts';
import { previousOwnerOf } from './previous-owner.ts';

export interface ConsentRecorded {
  /**
   * `older`: it is recorded in the history alone. `duplicate`: it was recorded before. `erased`: the customer was erased
   * meanwhile, and nothing is recorded.
   */
  readonly kind: 'applied' | 'older' | 'duplicate' | 'erased';
  /** The whole second at which it counts, the same at every delivery (R3). */
  readonly effectiveAt: number;
  /** The canonical name of the customer. */
  readonly customer: CustomerKey;
}

/**
 * Whether it is in force now; `erased`: the customer was erased meanwhile; `younger_name`: another name of the customer has
 * come to them since, which does not concern the change.
 */
type Applied = boolean | 'erased' | 'younger_name' | Merged;

/** Where the consent in force is written, and whether the change is known to be that customer's. */
type Target = RecordConsent & { readonly isOfOwner: boolean };

/** `supersedes` as a condition: the newer change wins, of two in the same second the stricter (R9). */
const SUPERSEDES = {
  opted_in: '#consent.effectiveAt < :at',
  opted_out: '#consent.effectiveAt < :at OR (#consent.effectiveAt = :at AND #consent.#state <> :state)',
} as const satisfies Record<ConsentChange['state'], string>;

/** The write that puts the change in force unless a newer one is. */
const toUpdate = (record: Target, effectiveAt: number) => {
  const { change, now } = record;
  const { state } = change;
  const isStricter = state === 'opted_out';
  return {
    UpdateExpression: `SET #consent = :consent, ${RAISE_VERSION}, ${KNOWN_SINCE}`,
    ConditionExpression: [
      'attribute_not_exists(movedTo)',
      ...(record.isOfOwner ? [] : ['(attribute_not_exists(ownedFrom) OR ownedFrom <= :at)']),
      `(attribute_not_exists(#consent) OR ${SUPERSEDES[state]})`,
    ].join(' AND '),
    ExpressionAttributeNames: {
      ...attributesOf(change),
      ...(isStricter ? { '#state': 'state' } : {}),
    },
    ExpressionAttributeValues: {
      ':consent': consentOf(record, effectiveAt),
      ':at': effectiveAt,
      ...NEXT_VERSION,
      ':knownSince': epochSeconds(now),
      ...(isStricter ? { ':state': state } : {}),
    },
    ...RETURN_OLD_ITEM,
  };
};

/** Why it was not applied here; false where a newer consent is in force. */
const notApplied = (stored: CustomerItem, record: Target, at: number): Applied => {
  const movedTo = stored.movedTo ?? previousOwnerOf(stored, record.given ?? record.customer, at);
  if (movedTo !== undefined) return { movedTo, until: stored.until };
  return !record.isOfOwner && (stored.ownedFrom ?? 0) > at ? 'younger_name' : false;
};

/** Whether the stored consent is what this change puts in force. */
const isInForce = (stored: CustomerItem, record: RecordConsent, effectiveAt: number): boolean => {
  const own = consentOf(record, effectiveAt);
  const consent = record.change.scope === 'all' ? stored.consent : stored.marketing;
  return consent !== undefined && isDeepStrictEqual({ ...own, ...consent }, own);
};

/**
 * Creates the customer's record while the item that the change comes from is stored: its message, or its own history.
 * A customer who was erased after that item was written is not restored (R16).
 */
const applyBeside = async (table: Table, record: Target, effectiveAt: number): Promise<Applied> => {
  const origin = record.message ?? historyKeyOf(record);
  const update = {
    TableName: table.tableName,
    Key: { ...customerKey(record.channel, record.customer) },
    ...toUpdate(record, effectiveAt),
  };
  const applied = await transact(table, [itemExists(table, origin), { Update: update }]);
  if (applied.ok) return true;
  if (applied.failed.has(0)) return 'erased';
  return notApplied(CustomerItem.parse(applied.failed.get(1)), record, effectiveAt);
};

/** Puts the change in force; false when a newer one is. */
const apply = async (table: Table, record: Target, effectiveAt: number): Promise<Applied> => {
  if (record.message !== undefined) return applyBeside(table, record, effectiveAt);
  const { ConditionExpression, ...update } = toUpdate(record, effectiveAt);
  const applied = await updateConditionally(table, customerKey(record.channel, record.customer), {
    ...update,
    ConditionExpression: `attribute_exists(pk) AND ${ConditionExpression}`,
  });
  if (applied.ok) return true;
  if (applied.item === undefined) return applyBeside(table, record, effectiveAt);
  const stored = CustomerItem.parse(applied.item);
  const reason = notApplied(stored, record, effectiveAt);
  return reason === false ? applied.wasRepeated && isInForce(stored, record, effectiveAt) : reason;
};

/** Where the change belongs to; a number that was given up is freed first. */
const follow = async ({ customer, release }: RecordConsent, moved: Merged, at: number): Promise<Merged> => {
  if (release === undefined || moved.until === undefined || at < moved.until) return moved;
  await release(customer, at);
  return { movedTo: customer };
};

/**
 * Records one change of a customer's consent: first in the history, then in force. Both writes are conditional, so that
 * any order, any repetition and a crash between them lead to the same consent (R9). The history stores it under the name
 * that was given, the consent in force is the person's.
 */
export const recordConsent = async (table: Table, given: RecordConsent): Promise<ConsentRecorded> => {
  const record = { ...given, given: given.given ?? given.customer };
  const { isNew, effectiveAt, isErased } = await addToHistory(table, record);
  if (isErased) return { kind: 'erased', effectiveAt, customer: record.customer };
  return followMerge(record.customer, async (customer): Promise<ConsentRecorded | Merged> => {
    const target = { ...record, customer };
    const first = await apply(table, { ...target, isOfOwner: false }, effectiveAt);
    const applied = first === 'younger_name' ? await apply(table, { ...target, isOfOwner: true }, effectiveAt) : first;
    if (applied === 'erased') return { kind: 'erased', effectiveAt, customer };
    if (typeof applied === 'object') return follow(target, applied, effectiveAt);
    return { kind: applied === true ? 'applied' : isNew ? 'older' : 'duplicate', effectiveAt, customer };
  });
};

/** Records changes of a customer's consent. */
export const createConsentStore = (table: Table) => ({
  /** Records one change; idempotent, in any order (R9). */
  recordConsent: (record: RecordConsent): Promise<ConsentRecorded> => recordConsent(table, record),
});
