import { type CustomerKey, isPhone } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { readItem } from '../dynamo/read-items.ts';
import { CustomerItem } from '../items.ts';
import { customerKey } from '../keys.ts';
import { mergeConsents } from './merge-consents.ts';

/**
 * The record with the consent of the other name that an earlier release stored on it, until the next message with both
 * links them: an opt-out under either counts before anything is sent (R9). Where only one record has the other name, that
 * was overwritten by another person's, and does not count. Without a request where there is no such name.
 */
export const withEarlierConsent = async (
  table: Table,
  channel: string,
  { name, record }: { readonly name: CustomerKey; readonly record: CustomerItem },
): Promise<CustomerItem> => {
  const other = isPhone(name) ? record.userId : record.phone;
  if (record.names !== undefined || other === undefined || other === name) return record;
  const earlier = CustomerItem.parse((await readItem(table, customerKey(channel, other))) ?? {});
  if (earlier.phone !== name && earlier.userId !== name) return record;
  const { consent, marketing } = mergeConsents([record, earlier], []);
  return { ...record, consent, marketing };
};
