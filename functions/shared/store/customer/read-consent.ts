import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { KnownName } from '../../domain/names.ts';
import type { Table } from '../dynamo/client.ts';
import { ConsentItem, CustomerItem } from '../items.ts';
import { consentRange } from '../keys.ts';
import { followMerge, type Merged } from './follow-merge.ts';
import { type NamePeriod, periodsOf } from './names-of.ts';

/** The consents in force and their history. */
export interface CustomerConsent extends Pick<CustomerItem, 'consent' | 'marketing' | 'consentVersion'> {
  /** The canonical name. */
  readonly customer: CustomerKey;
  /** Every name, once there are several. */
  readonly names: readonly KnownName[];
  /** Newest first. */
  readonly history: readonly ConsentItem[];
}

/** Bounds the read; 100 changes of the largest size fit into one page of a query. */
const MAX_HISTORY = 100;

/** The customer record of a name and the newest changes that were given under it. */
const readUnder = async ({ documents, tableName }: Table, channel: string, name: CustomerKey) => {
  const { pk, from, to } = consentRange(channel, name);
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
  return {
    record: CustomerItem.parse(items.find(({ sk }) => sk === to) ?? {}),
    changes: items.filter(({ sk }) => sk !== to).map((item) => ConsentItem.parse(item)),
  };
};

/** The changes that were given in the time in which the name was the customer's. */
const within = (changes: readonly ConsentItem[], { from, until }: NamePeriod): readonly ConsentItem[] =>
  changes.filter(({ effectiveAt }) => effectiveAt >= from && effectiveAt < until);

const readAt = async (table: Table, channel: string, customer: CustomerKey): Promise<CustomerConsent | Merged> => {
  const { record, changes } = await readUnder(table, channel, customer);
  const { movedTo, consent, marketing, consentVersion, names = [] } = record;
  if (movedTo !== undefined) return { movedTo };
  const all = await Promise.all(
    periodsOf(customer, names).map(async (period) =>
      within(period.name === customer ? changes : (await readUnder(table, channel, period.name)).changes, period),
    ),
  );
  const history = all.flat().toSorted((one, other) => other.effectiveAt - one.effectiveAt);
  return { customer, names, consent, marketing, consentVersion, history: history.slice(0, MAX_HISTORY) };
};

/** Reads a customer's consent. */
export const createConsentHistoryStore = (table: Table) => ({
  /** Reads the consents in force and the last 100 changes in one strongly consistent query, and one more for each other name. */
  readConsent: (channel: string, customer: CustomerKey): Promise<CustomerConsent> =>
    followMerge(customer, (at) => readAt(table, channel, at)),
});
