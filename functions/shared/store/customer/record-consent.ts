import { isDeepStrictEqual } from 'node:util';
import type { ConsentChange } from '../../domain/consent.ts';
import type { CustomerKey } from '../../domain/customer.ts';
import { countedAt, epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce, updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { itemExists, putAbsent, transact } from '../dynamo/transaction.ts';
import { ConsentItem, CustomerItem } from '../items.ts';
import { consentKey, customerKey, type ItemKey } from '../keys.ts';
import { followMerge, type Merged } from './follow-merge.ts';
import { KNOWN_SINCE } from './known-since.ts';

export interface RecordConsent {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly change: ConsentChange;
  readonly now: Date;
  /** The message whose error implies the change: once it is erased, nothing is recorded (R16). */
  readonly message?: ItemKey | undefined;
}

export interface ConsentRecorded {
  /**
   * `older`: it is recorded in the history alone. `duplicate`: it was recorded before. `erased`: the customer was erased
   * meanwhile, and nothing is recorded.
   */
  readonly kind: 'applied' | 'older' | 'duplicate' | 'erased';
  /** The whole second at which it counts, the same at every delivery (R3). */
  readonly effectiveAt: number;
}

type Put = { readonly ok: true } | { readonly ok: false; readonly item: unknown };

/** Whether it is in force now; `erased`: the customer was erased meanwhile. */
type Applied = boolean | 'erased' | Merged;

const historyKeyOf = ({ channel, customer, change }: RecordConsent): ItemKey =>
  consentKey({ channel, customer, at: change.effectiveAt, id: change.id });

/** Puts a change of consent where none is stored, beside the message that implies it. */
const putChange = async (table: Table, { message }: RecordConsent, item: object): Promise<Put | 'erased'> => {
  if (message === undefined) return putOnce(table, item);
  const put = await transact(table, [itemExists(table, message), putAbsent(table, item)]);
  if (put.ok) return put;
  return put.failed.has(0) ? 'erased' : { ok: false, item: put.failed.get(1) };
};

/** Adds a change to the history once, under its source's second, together with the second at which it counts (R3). */
const addToHistory = async (table: Table, record: RecordConsent) => {
  const { change, now } = record;
  const effectiveAt = countedAt(change.effectiveAt * 1000, now);
  const put = await putChange(table, record, { ...historyKeyOf(record), ...change, effectiveAt });
  if (put === 'erased') return { isNew: false, effectiveAt, isErased: true };
  return put.ok
    ? { isNew: true, effectiveAt, isErased: false }
    : { isNew: false, effectiveAt: ConsentItem.parse(put.item).effectiveAt, isErased: false };
};

/** `supersedes` as a condition: the newer change wins, of two in the same second the stricter (R9). */
const SUPERSEDES = {
  opted_in: '#consent.effectiveAt < :at',
  opted_out: '#consent.effectiveAt < :at OR (#consent.effectiveAt = :at AND #consent.#state <> :state)',
} as const satisfies Record<ConsentChange['state'], string>;

/** The write that puts the change in force unless a newer one is. */
const toUpdate = ({ change, now }: RecordConsent, effectiveAt: number) => {
  const { state, source, actor, text, categories } = change;
  const isStricter = state === 'opted_out';
  return {
    UpdateExpression: `SET #consent = :consent, ${KNOWN_SINCE} ADD consentVersion :one`,
    ConditionExpression: `attribute_not_exists(movedTo) AND (attribute_not_exists(#consent) OR ${SUPERSEDES[state]})`,
    ExpressionAttributeNames: {
      '#consent': change.scope === 'all' ? 'consent' : 'marketing',
      ...(isStricter ? { '#state': 'state' } : {}),
    },
    ExpressionAttributeValues: {
      ':consent': { state, effectiveAt, source, actor, text, categories },
      ':at': effectiveAt,
      ':one': 1,
      ':knownSince': epochSeconds(now),
      ...(isStricter ? { ':state': state } : {}),
    },
    ...RETURN_OLD_ITEM,
  };
};

/** Whether the stored consent is what this change puts in force. */
const isInForce = (stored: CustomerItem, { change }: RecordConsent, effectiveAt: number): boolean => {
  const { state, source, actor, text, categories } = change;
  const own = { state, effectiveAt, source, actor, text, categories };
  const consent = change.scope === 'all' ? stored.consent : stored.marketing;
  return consent !== undefined && isDeepStrictEqual({ ...own, ...consent }, own);
};

/**
 * Creates the customer's record while the item that the change comes from is stored: its message, or its own history.
 * A customer who was erased after that item was written is not restored (R16).
 */
const applyBeside = async (table: Table, record: RecordConsent, effectiveAt: number): Promise<Applied> => {
  const origin = record.message ?? historyKeyOf(record);
  const update = {
    TableName: table.tableName,
    Key: { ...customerKey(record.channel, record.customer) },
    ...toUpdate(record, effectiveAt),
  };
  const applied = await transact(table, [itemExists(table, origin), { Update: update }]);
  if (applied.ok) return true;
  if (applied.failed.has(0)) return 'erased';
  const { movedTo } = CustomerItem.parse(applied.failed.get(1));
  return movedTo === undefined ? false : { movedTo };
};

/** Puts the change in force; false when a newer one is. */
const apply = async (table: Table, record: RecordConsent, effectiveAt: number): Promise<Applied> => {
  if (record.message !== undefined) return applyBeside(table, record, effectiveAt);
  const { ConditionExpression, ...update } = toUpdate(record, effectiveAt);
  const applied = await updateConditionally(table, customerKey(record.channel, record.customer), {
    ...update,
    ConditionExpression: `attribute_exists(pk) AND ${ConditionExpression}`,
  });
  if (applied.ok) return true;
  if (applied.item === undefined) return applyBeside(table, record, effectiveAt);
  const stored = CustomerItem.parse(applied.item);
  if (stored.movedTo !== undefined) return { movedTo: stored.movedTo };
  return applied.wasRepeated && isInForce(stored, record, effectiveAt);
};

/**
 * Records one change of a customer's consent: first in the history, then in force. Both writes are conditional, so that
 * any order, any repetition and a crash between them lead to the same consent (R9).
 */
export const recordConsent = (table: Table, record: RecordConsent): Promise<ConsentRecorded> =>
  followMerge(record.customer, async (customer): Promise<ConsentRecorded | Merged> => {
    const here = { ...record, customer };
    const { isNew, effectiveAt, isErased } = await addToHistory(table, here);
    const applied = isErased ? 'erased' : await apply(table, here, effectiveAt);
    if (applied === 'erased') return { kind: 'erased', effectiveAt };
    if (typeof applied === 'object') return applied;
    return { kind: applied ? 'applied' : isNew ? 'older' : 'duplicate', effectiveAt };
  });

/** Records changes of a customer's consent. */
export const createConsentStore = (table: Table) => ({
  /** Records one change; idempotent, in any order (R9). */
  recordConsent: (record: RecordConsent): Promise<ConsentRecorded> => recordConsent(table, record),
});
