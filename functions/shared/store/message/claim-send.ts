import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import type { CustomerKey } from '../../domain/customer.ts';
import { type ReengagementSlot, slotWith } from '../../domain/send-decision.ts';
import { epochSeconds } from '../../domain/window.ts';
import { slotUnchanged } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { transact } from '../dynamo/transaction.ts';
import type { DecisionRecord, SendItem } from '../items.ts';
import {
  customerKey,
  dueBucket,
  type ItemKey,
  messageKey,
  messageNameOf,
  sendKey,
  sessionKey,
  toReference,
} from '../keys.ts';
import { sessionUnchanged } from '../session/session-unchanged.ts';
import type { SendState } from './load-send-state.ts';

type Operation = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export interface ClaimSend {
  readonly id: string;
  /** Who claims the id; a claim that was released is taken over only from the one that was seen. */
  readonly claimedBy: string;
  readonly requestHash: string;
  readonly channel: string;
  readonly state: SendState;
  readonly now: Date;
  /** Longer than the Lambda may run: after it, a record without outcome is in doubt (R11). */
  readonly leaseSeconds: number;
  readonly retentionDays: number;
  readonly sentAs: 'session' | 'template';
  readonly content: unknown;
  readonly replyTo?: string | undefined;
  readonly clientReference?: string | undefined;
  readonly decision: z.infer<typeof DecisionRecord>;
}

/** A message record that stands before the provider is called. */
export interface ClaimedSend {
  readonly kind: 'begun';
  readonly key: ItemKey;
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly id: string;
  readonly usesReengagement: boolean;
  /** Travels with the message (R12). */
  readonly reference: string;
}

export type ClaimOutcome =
  | ClaimedSend
  /** Another request holds the id. */
  | { readonly kind: 'claimed' }
  /** What the decision was made on is no longer so: decide again. */
  | { readonly kind: 'changed' };

const claimOf = ({ id, claimedBy, requestHash, state }: ClaimSend, key: ItemKey, expiresAt: number) => ({
  Item: {
    ...sendKey(id),
    claimedBy,
    requestHash,
    messagePk: key.pk,
    messageSk: key.sk,
    expiresAt,
  } satisfies z.infer<typeof SendItem> & Record<string, unknown>,
  ...(state.claim === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'claimedBy = :seenClaim',
        ExpressionAttributeValues: { ':seenClaim': state.claim.claimedBy },
      }),
});

const recordOf = (send: ClaimSend, key: ItemKey, expiresAt: number) => {
  const leaseUntil = send.now.getTime() + send.leaseSeconds * 1000;
  const dueAt = Math.floor(leaseUntil / 1000);
  return {
    ...key,
    direction: 'outbound',
    id: send.id,
    at: messageNameOf(key).atMs,
    status: 'accepted',
    statuses: [{ status: 'accepted', at: send.now.getTime() }],
    sentAs: send.sentAs,
    content: JSON.stringify(send.content),
    replyTo: send.replyTo,
    clientReference: send.clientReference,
    decision: send.decision,
    leaseUntil,
    dueBucket: dueBucket({ kind: 'send', channel: send.channel, customer: send.state.customer, dueAt }),
    expiresAt,
  };
};

const lastOpenedIs = (lastOpenedAt: number | undefined) =>
  lastOpenedAt === undefined ? 'attribute_not_exists(lastOpenedAt)' : 'lastOpenedAt = :lastOpenedAt';

/** The slot as it stands once this send holds it. */
const slotOf = ({ id, state, now }: ClaimSend): ReengagementSlot => slotWith(state.record, id, now);

/** Takes the slot while consent, slot and last opening are what was seen: of two concurrent sends one wins (R8). */
const takeSlot = (send: ClaimSend, tableName: string): Operation => {
  const { channel, state } = send;
  const taken = slotOf(send);
  const { slot, lastOpenedAt, consentVersion } = state.record;
  const unchanged = slotUnchanged({ slotUsedAt: slot?.usedAt, slotHolders: new Set(slot?.holders) });
  return {
    Update: {
      TableName: tableName,
      Key: customerKey(channel, state.customer),
      UpdateExpression: 'SET slotUsedAt = :usedAt, slotHolders = :holders',
      ConditionExpression: [
        unchanged.ConditionExpression,
        lastOpenedIs(lastOpenedAt),
        'consent.#state = :optedIn',
        'consentVersion = :consentVersion',
      ].join(' AND '),
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...unchanged.ExpressionAttributeValues,
        ...(lastOpenedAt === undefined ? {} : { ':lastOpenedAt': lastOpenedAt }),
        ':usedAt': taken.usedAt,
        ':holders': new Set(taken.holders),
        ':optedIn': 'opted_in',
        ':consentVersion': consentVersion ?? 0,
      },
    },
  };
};

/**
 * A customer's message that opens a session in between makes the slot unnecessary. Where an ended session still stands
 * it gets the mark: a message that was decided on before its end, and written after it, then knows of the slot (R8).
 */
const markSession = (send: ClaimSend, tableName: string): Operation => {
  const { channel, state } = send;
  const where = { TableName: tableName, Key: sessionKey(channel, state.customer) };
  const unchanged = sessionUnchanged(state.session);
  if (state.session === undefined) return { ConditionCheck: { ...where, ...unchanged } };
  return {
    Update: {
      ...where,
      ...unchanged,
      UpdateExpression: 'SET slotUsedAt = :slotUsedAt',
      ExpressionAttributeValues: { ...unchanged.ExpressionAttributeValues, ':slotUsedAt': slotOf(send).usedAt },
    },
  };
};

/** An opt-out that came since the decision beats the send (R9). */
const consentAsSeen = ({ channel, state }: ClaimSend, tableName: string): Operation => {
  const version = state.record.consentVersion ?? 0;
  const where = { TableName: tableName, Key: customerKey(channel, state.customer) };
  return version === 0
    ? { ConditionCheck: { ...where, ConditionExpression: 'attribute_not_exists(consentVersion)' } }
    : {
        ConditionCheck: {
          ...where,
          ConditionExpression: 'consentVersion = :version',
          ExpressionAttributeValues: { ':version': version },
        },
      };
};

const CLAIM_AND_RECORD = [0, 1];

/** Claims and records outbound messages before the provider is called. */
export const createClaimStore = (table: Table) => ({
  /** Claims the id, writes the record and takes the slot, all or nothing: no crash loses track of a message. */
  claimSend: async (send: ClaimSend): Promise<ClaimOutcome> => {
    const { id, channel, now, state } = send;
    const { customer, claim } = state;
    const { usesReengagement } = send.decision;
    const key =
      claim === undefined
        ? messageKey({ channel, customer, atMs: now.getTime(), id })
        : { pk: claim.messagePk, sk: claim.messageSk };
    const expiresAt = epochSeconds(now) + send.retentionDays * 86_400;
    const { tableName: TableName } = table;
    const begun = await transact(table, [
      { Put: { TableName, ...claimOf(send, key, expiresAt) } },
      {
        Put: {
          TableName,
          Item: recordOf(send, key, expiresAt),
          ConditionExpression:
            claim === undefined ? 'attribute_not_exists(pk)' : 'attribute_not_exists(pk) OR released = :true',
          ...(claim === undefined ? {} : { ExpressionAttributeValues: { ':true': true } }),
        },
      },
      ...(usesReengagement
        ? [takeSlot(send, TableName), markSession(send, TableName)]
        : [consentAsSeen(send, TableName)]),
    ]);
    if (begun.ok)
      return {
        kind: 'begun',
        key,
        channel,
        customer,
        id,
        usesReengagement,
        reference: toReference(messageNameOf(key)),
      };
    return { kind: CLAIM_AND_RECORD.some((place) => begun.failed.has(place)) ? 'claimed' : 'changed' };
  },
});
