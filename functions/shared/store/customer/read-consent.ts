import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { ConsentItem, CustomerItem } from '../items.ts';
import { consentRange } from '../keys.ts';
import { followMerge, type Merged } from './follow-merge.ts';

/** The consents in force and their history. */
export interface CustomerConsent extends Pick<CustomerItem, 'consent' | 'marketing' | 'consentVersion'> {
  /** Newest first. */
  readonly history: readonly ConsentItem[];
}

/** Bounds the read; 100 changes of the largest size fit into one page of a query. */
const MAX_HISTORY = 100;

const readAt = async (
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

/** Reads a customer's consent. */
export const createConsentHistoryStore = (table: Table) => ({
  /** Reads the consents in force and the last 100 changes in one strongly consistent query. */
  readConsent: (channel: string, customer: CustomerKey): Promise<CustomerConsent> =>
    followMerge(customer, (at) => readAt(table, channel, at)),
});
