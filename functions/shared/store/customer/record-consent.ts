import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ConsentChange } from '../../domain/consent.ts';
import type { CustomerKey } from '../../domain/customer.ts';
import { countedAt } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { RETURN_OLD_ITEM, writeConditionally } from '../dynamo/conditional-write.ts';
import { ConsentItem, CustomerItem } from '../items.ts';
import { consentKey, consentRange, customerKey } from '../keys.ts';
import { followMerge, type Merged } from './follow-merge.ts';

export interface RecordConsent {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly change: ConsentChange;
  readonly now: Date;
}

export interface ConsentRecorded {
  /** `older`: it only entered the history. `duplicate`: it had been recorded before. */
  readonly kind: 'applied' | 'older' | 'duplicate';
  /** The whole second at which it counts, the same at every delivery (R3). */
  readonly effectiveAt: number;
}

/** The consents in force, and how they came about. */
export interface CustomerConsent extends Pick<CustomerItem, 'consent' | 'marketing' | 'consentVersion'> {
  /** Newest first. */
  readonly history: readonly ConsentItem[];
}

/** Bounds the read; 100 changes of the largest size fit into one page of a query. */
const MAX_HISTORY = 100;

interface Kept {
  readonly isNew: boolean;
  readonly effectiveAt: number;
}

/** Enters a change into the history once, under the second its source gave it; there stands too when it counts (R3). */
const keep = async (
  { documents, tableName }: Table,
  { channel, customer, change, now }: RecordConsent,
): Promise<Kept> => {
  const effectiveAt = countedAt(change.effectiveAt * 1000, now);
  const put = await writeConditionally(() =>
    documents.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...consentKey({ channel, customer, at: change.effectiveAt, id: change.id }), ...change, effectiveAt },
        ConditionExpression: 'attribute_not_exists(pk)',
        ...RETURN_OLD_ITEM,
      }),
    ),
  );
  return put.ok ? { isNew: true, effectiveAt } : { isNew: false, effectiveAt: ConsentItem.parse(put.item).effectiveAt };
};

/** `supersedes` as a condition: newer wins, on a tie the stricter (R9). */
const SUPERSEDES = {
  opted_in: '#consent.effectiveAt < :at',
  opted_out: '#consent.effectiveAt < :at OR (#consent.effectiveAt = :at AND #consent.#state <> :state)',
} as const satisfies Record<ConsentChange['state'], string>;

/** Puts the change in force unless a newer one is; tells where the customer lives when it is not here. */
const apply = async (
  { documents, tableName }: Table,
  { channel, customer, change }: RecordConsent,
  effectiveAt: number,
): Promise<boolean | Merged> => {
  const { state, source, actor, text, categories } = change;
  const isStricter = state === 'opted_out';
  const applied = await writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: customerKey(channel, customer),
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
      }),
    ),
  );
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
    const { isNew, effectiveAt } = await keep(table, here);
    const applied = await apply(table, here, effectiveAt);
    if (typeof applied === 'object') return applied;
    return { kind: applied ? 'applied' : isNew ? 'older' : 'duplicate', effectiveAt };
  });

const readHere = async (
  { documents, tableName }: Table,
  channel: string,
  customer: CustomerKey,
): Promise<CustomerConsent | Merged> => {
  const { pk, from, to } = consentRange(channel, customer);
  const { Items: items = [] } = await documents.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: MAX_HISTORY + 1,
    }),
  );
  const { movedTo, consent, marketing, consentVersion } = CustomerItem.parse(items.find(({ sk }) => sk === to) ?? {});
  if (movedTo !== undefined) return { movedTo };
  const changes = items.filter(({ sk }) => sk !== to).map((item) => ConsentItem.parse(item));
  const history = changes.slice(0, MAX_HISTORY).sort((one, other) => other.effectiveAt - one.effectiveAt);
  return { consent, marketing, consentVersion, history };
};

/** A customer's permission, with its history. */
export const createConsentStore = (table: Table) => ({
  recordConsent: (record: RecordConsent): Promise<ConsentRecorded> => recordConsent(table, record),

  /** Reads what holds now and the last 100 changes in one strongly consistent query. */
  readConsent: (channel: string, customer: CustomerKey): Promise<CustomerConsent> =>
    followMerge(customer, (at) => readHere(table, channel, at)),
});
