import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { type Operation, transact } from '../dynamo/transaction.ts';
import { CustomerItem } from '../items.ts';
import { customerKey, type ItemKey, messageNameOf } from '../keys.ts';
import { followMerge, type Merged, mergedIn } from './follow-merge.ts';
import { previousOwnerOf } from './previous-owner.ts';

type Slot = Pick<CustomerItem, 'slotUsedAt' | 'slotHolders'>;

const NEVER_USED = 'attribute_not_exists(slotUsedAt)';
const USED_AT_SAME_TIME = 'slotUsedAt = :slotUsedAt';
const NO_HOLDERS = 'attribute_not_exists(slotHolders)';
const SAME_HOLDERS = 'slotHolders = :slotHolders';

/** Holds while the re-engagement slot of a customer record is what was read. */
export const slotUnchanged = ({ slotUsedAt, slotHolders }: Slot) => {
  if (slotUsedAt === undefined) return { ConditionExpression: NEVER_USED, ExpressionAttributeValues: undefined };
  return slotHolders.size === 0
    ? {
        ConditionExpression: `${USED_AT_SAME_TIME} AND ${NO_HOLDERS}`,
        ExpressionAttributeValues: { ':slotUsedAt': slotUsedAt },
      }
    : {
        ConditionExpression: `${USED_AT_SAME_TIME} AND ${SAME_HOLDERS}`,
        ExpressionAttributeValues: { ':slotUsedAt': slotUsedAt, ':slotHolders': slotHolders },
      };
};

/** Holds while no other session of the customer has opened: the slot belongs to the ended one (R8). */
export const lastOpenedIs = (lastOpenedAt: number | undefined) => ({
  expression: lastOpenedAt === undefined ? 'attribute_not_exists(lastOpenedAt)' : 'lastOpenedAt = :lastOpenedAt',
  values: lastOpenedAt === undefined ? {} : { ':lastOpenedAt': lastOpenedAt },
});

/** A message that took the slot, on the decision in its record. */
export interface SlotHolder {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly key: ItemKey;
  readonly messageId: string;
}

/** Where the slot is looked for: at the customer who has the message's name now, or at one who had it before. */
interface Place extends SlotHolder {
  /** The second as of which the owner counts. @default - each owner counts, whoever holds the slot */
  readonly sentAt?: number | undefined;
  /** The owner counts whatever the times of their names. */
  readonly isOfOwner: boolean;
}

/** Holds while none of the customer's names had another owner at the time of the message. */
const ownedSince = ({ sentAt, isOfOwner }: Place) =>
  isOfOwner || sentAt === undefined
    ? { condition: '', values: {} }
    : {
        condition: ' AND (attribute_not_exists(ownedFrom) OR ownedFrom <= :sentAt)',
        values: { ':sentAt': sentAt },
      };

/** A name that had another owner may have left the slot with them, whatever the time of the message. */
const HOLDS_IF_SHARED = '(attribute_not_exists(ownedFrom) OR contains(slotHolders, :messageId))';

/** Releases the slot that the message holds; others that hold it are unaffected, and an erased customer stays erased. */
const releaseOperation = ({ tableName }: Table, place: Place) => ({
  Update: {
    TableName: tableName,
    Key: { ...customerKey(place.channel, place.customer) },
    UpdateExpression: 'DELETE slotHolders :holder',
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(movedTo) AND ${HOLDS_IF_SHARED}`,
    ...RETURN_OLD_ITEM,
    ExpressionAttributeValues: { ':holder': new Set([place.messageId]), ':messageId': place.messageId },
  },
});

/** What became of a write on the message and one on the customer's slot; `refused` by the first of the two. */
interface SlotWritten {
  readonly written: 'both' | 'refused' | 'no_slot';
}

/** Who had the name before, by one of their records. */
const ownersBefore = (
  record: CustomerItem,
  { sentAt }: Place,
  name: CustomerKey,
): readonly (CustomerKey | undefined)[] =>
  sentAt === undefined
    ? (record.names ?? []).map((one) => (one.name === name ? one.previousOwner : undefined))
    : [previousOwnerOf(record, name, sentAt)];

interface Search {
  readonly name: CustomerKey;
  /** A number that went back and forth between two owners leads from one to the other. */
  readonly seen: ReadonlySet<CustomerKey>;
}

/** Where else the slot is, by the customer's record that refused the write; `undefined` where there is none to write. */
const nextPlace = (stored: unknown, place: Place, { name, seen }: Search): Merged | Place | undefined => {
  if (stored === undefined) return undefined;
  const merged = mergedIn(stored);
  if (merged !== undefined) return merged;
  const record = CustomerItem.parse(stored);
  const movedTo = ownersBefore(record, place, name).find((one) => one !== undefined && !seen.has(one));
  if (movedTo !== undefined) return { movedTo };
  const hasYoungerName = !place.isOfOwner && (record.ownedFrom ?? 0) > (place.sentAt ?? 0);
  return hasYoungerName ? { ...place, isOfOwner: true } : undefined;
};

/** Writes the message and the slot, both or neither, wherever a merge, or a new owner of the name, has moved the slot to. */
const writeSlot = (
  table: Table,
  place: Place,
  operations: (place: Place) => readonly Operation[],
): Promise<SlotWritten> => {
  const seen = new Set<CustomerKey>();
  const write = async (at: Place): Promise<SlotWritten | Merged> => {
    const written = await transact(table, operations(at));
    if (written.ok) return { written: 'both' };
    if (written.failed.has(0)) return { written: 'refused' };
    const next = nextPlace(written.failed.get(1), at, { name: place.customer, seen });
    if (next === undefined) return { written: 'no_slot' };
    if (!('movedTo' in next)) return write(next);
    seen.add(next.movedTo);
    return next;
  };
  return followMerge(place.customer, (customer) => write({ ...place, customer }));
};

/** Writes the message's own failure and releases its slot; without a customer's record there is none to release. */
export const releaseWith = (table: Table, holder: SlotHolder, failure: Operation): Promise<SlotWritten> =>
  writeSlot(table, { ...holder, isOfOwner: true }, (at) => [failure, releaseOperation(table, at)]);

/** Holds while the status of the message is, or is not, `failed`. */
const checkFailed = ({ tableName }: Table, { key }: SlotHolder, comparison: '=' | '<>') => ({
  ConditionCheck: {
    TableName: tableName,
    Key: { ...key },
    ConditionExpression: `attribute_exists(pk) AND #status ${comparison} :failed`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':failed': 'failed' },
  },
});

/** Releases the slot of a failed message (R8), unless a later status shows that it was sent. Idempotent. */
export const releaseSlot = async (table: Table, holder: SlotHolder): Promise<void> => {
  await releaseWith(table, holder, checkFailed(table, holder, '='));
};

/**
 * Makes a message that reached the customer after all a holder again, where the slot that it took at `takenAt` is still the
 * slot of the same ended session: no message of the customer has opened another since (R8). Idempotent.
 */
export const restoreSlot = async (table: Table, holder: SlotHolder, takenAt: number): Promise<void> => {
  const sentAt = Math.floor(messageNameOf(holder.key).atMs / 1000);
  await writeSlot(table, { ...holder, sentAt, isOfOwner: false }, (place) => [
    checkFailed(table, holder, '<>'),
    {
      Update: {
        TableName: table.tableName,
        Key: { ...customerKey(place.channel, place.customer) },
        UpdateExpression: 'ADD slotHolders :holder',
        ConditionExpression: `attribute_exists(slotUsedAt) AND attribute_not_exists(movedTo) AND (attribute_not_exists(lastOpenedAt) OR lastOpenedAt < :takenAt)${ownedSince(place).condition}`,
        ...RETURN_OLD_ITEM,
        ExpressionAttributeValues: {
          ':holder': new Set([place.messageId]),
          ':takenAt': takenAt,
          ...ownedSince(place).values,
        },
      },
    },
  ]);
};
