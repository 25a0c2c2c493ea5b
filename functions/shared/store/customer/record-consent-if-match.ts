import { supersedes, UNKNOWN_CONSENT } from '../../domain/consent.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { findItem, readBatch } from '../dynamo/read-items.ts';
import { type Operation, transact } from '../dynamo/transaction.ts';
import { CustomerItem } from '../items.ts';
import { customerKey } from '../keys.ts';
import {
  attributesOf,
  consentOf,
  historyKeyOf,
  NEXT_VERSION,
  RAISE_VERSION,
  type RecordConsent,
} from './consent-history.ts';
import { followMerge, type Merged } from './follow-merge.ts';
import { KNOWN_SINCE } from './known-since.ts';
import type { ConsentRecorded } from './record-consent.ts';

/** `changed`: the version is none of those expected, and nothing was recorded. */
export interface VersionedConsentRecorded {
  readonly kind: ConsentRecorded['kind'] | 'changed';
}

/** Writes the change to the history, and in force where it supersedes what is stored, while the version is unchanged. */
const operations = (
  { tableName: TableName }: Table,
  record: RecordConsent,
  { consentVersion, isApplied }: { readonly consentVersion: number; readonly isApplied: boolean },
): readonly Operation[] => {
  const { channel, customer, change, now } = record;
  const consent = consentOf(record, change.effectiveAt);
  const unchanged = consentVersion === 0 ? 'attribute_not_exists(consentVersion)' : 'consentVersion = :version';
  const version = consentVersion === 0 ? {} : { ':version': consentVersion };
  const where = {
    TableName,
    Key: { ...customerKey(channel, customer) },
    ConditionExpression: `attribute_not_exists(movedTo) AND ${unchanged}`,
  };
  return [
    // The same key has the same content: a change of the API never counts at another second than its own.
    { Put: { TableName, Item: { ...historyKeyOf(record), ...change, userId: consent.userId } } },
    isApplied
      ? {
          Update: {
            ...where,
            UpdateExpression: `SET #consent = :consent, ${RAISE_VERSION}, ${KNOWN_SINCE}`,
            ExpressionAttributeNames: attributesOf(change),
            ExpressionAttributeValues: {
              ...version,
              ':consent': consent,
              ...NEXT_VERSION,
              ':knownSince': epochSeconds(now),
            },
          },
        }
      : {
          ConditionCheck: {
            ...where,
            ...(consentVersion === 0 ? {} : { ExpressionAttributeValues: version }),
          },
        },
  ];
};

const attempt = async (
  table: Table,
  record: RecordConsent,
  versions: readonly number[],
): Promise<VersionedConsentRecorded | Merged | Contended> => {
  const { channel, customer, change } = record;
  const key = customerKey(channel, customer);
  const historyKey = historyKeyOf(record);
  const items = await readBatch(table, [key, historyKey]);
  const { movedTo, consent, marketing, consentVersion } = CustomerItem.parse(findItem(items, key) ?? {});
  if (movedTo !== undefined) return { movedTo };
  if (!versions.includes(consentVersion)) return { kind: 'changed' };
  const isApplied = supersedes(change, (change.scope === 'all' ? consent : marketing) ?? UNKNOWN_CONSENT);
  const { ok } = await transact(table, operations(table, record, { consentVersion, isApplied }));
  if (!ok) return new Contended('the consent changed');
  if (isApplied) return { kind: 'applied' };
  return { kind: findItem(items, historyKey) === undefined ? 'older' : 'duplicate' };
};

/** Records changes of a customer's consent that were decided on a version of it. */
export const createVersionedConsentStore = (table: Table) => ({
  /** Records one change of the API in one transaction, while the version is one of those expected. */
  recordConsentIfMatch: (record: RecordConsent, versions: readonly number[]): Promise<VersionedConsentRecorded> =>
    followMerge(record.customer, (customer) =>
      retryUnderContention<VersionedConsentRecorded | Merged>(CHANGED_ITEMS, () =>
        attempt(table, { ...record, given: record.customer, customer }, versions),
      ),
    ),
});
