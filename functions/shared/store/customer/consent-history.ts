import type { ConsentChange } from '../../domain/consent.ts';
import { type CustomerKey, isPhone } from '../../domain/customer.ts';
import { countedAt } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce } from '../dynamo/conditional-write.ts';
import { itemExists, putAbsent, transact } from '../dynamo/transaction.ts';
import { ConsentItem } from '../items.ts';
import { consentKey, type ItemKey } from '../keys.ts';

export interface RecordConsent {
  readonly channel: string;
  /** Where the consent in force is looked for. */
  readonly customer: CustomerKey;
  /** The name that the webhook or the call gives: the history stores the change under it. @default - `customer` */
  readonly given?: CustomerKey | undefined;
  /** The customer's user id, where it came beside the number. */
  readonly userId?: CustomerKey | undefined;
  readonly change: ConsentChange;
  /** Frees a number that its owner gave up before that second, for what its next owner wrote. @default - calls follow the owner */
  readonly release?: ((name: CustomerKey, at: number) => Promise<unknown>) | undefined;
  readonly now: Date;
  /** The message whose error implies the change: once it is erased, nothing is recorded (R16). */
  readonly message?: ItemKey | undefined;
}

type Put = { readonly ok: true } | { readonly ok: false; readonly item: unknown };

/** The key is a function of what was reported alone, so that a repeat finds it after any merge. */
export const historyKeyOf = ({ channel, customer, given = customer, change }: RecordConsent): ItemKey =>
  consentKey({ channel, customer: given, at: change.effectiveAt, id: change.id });

/** Whose it is: a consent under the number alone stays with the number when it gets another owner. */
const userIdOf = ({ customer, given = customer, userId }: RecordConsent): CustomerKey | undefined =>
  userId ?? (isPhone(given) ? undefined : given);

/** The consent that a change puts in force. */
export const consentOf = (record: RecordConsent, effectiveAt: number) => {
  const { state, source, actor, text, categories } = record.change;
  return { state, effectiveAt, source, actor, text, categories, userId: userIdOf(record) };
};

/** The part of an update that counts a change which comes into force, and remembers with which count it did. */
export const RAISE_VERSION =
  'consentVersion = if_not_exists(consentVersion, :none) + :one, #from = if_not_exists(consentVersion, :none) + :one';
export const NEXT_VERSION = { ':none': 0, ':one': 1 };

/** The attributes of the consent that a change puts in force. */
export const attributesOf = ({ scope }: ConsentChange) =>
  scope === 'all'
    ? { '#consent': 'consent', '#from': 'consentFrom' }
    : { '#consent': 'marketing', '#from': 'marketingFrom' };

/** Puts a change of consent where none is stored, beside the message that implies it. */
const putChange = async (table: Table, { message }: RecordConsent, item: object): Promise<Put | 'erased'> => {
  if (message === undefined) return putOnce(table, item);
  const put = await transact(table, [itemExists(table, message), putAbsent(table, item)]);
  if (put.ok) return put;
  return put.failed.has(0) ? 'erased' : { ok: false, item: put.failed.get(1) };
};

/** Adds a change to the history once, under its source's second, together with the second at which it counts (R3). */
export const addToHistory = async (table: Table, record: RecordConsent) => {
  const { change, now } = record;
  const effectiveAt = countedAt(change.effectiveAt * 1000, now);
  const item = { ...historyKeyOf(record), ...change, effectiveAt, userId: userIdOf(record) };
  const put = await putChange(table, record, item);
  if (put === 'erased') return { isNew: false, effectiveAt, isErased: true };
  return put.ok
    ? { isNew: true, effectiveAt, isErased: false }
    : { isNew: false, effectiveAt: ConsentItem.parse(put.item).effectiveAt, isErased: false };
};
