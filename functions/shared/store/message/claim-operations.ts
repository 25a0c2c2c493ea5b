import type * as z from 'zod';
import type { CallerKind } from '../../domain/owner.ts';
import { type ReengagementSlot, slotWith } from '../../domain/send-decision.ts';
import { epochSeconds, isOpen } from '../../domain/window.ts';
import { ownerUnchanged } from '../customer/owner.ts';
import { lastOpenedIs, slotUnchanged } from '../customer/reengagement-slot.ts';
import { dueAttributes } from '../due/due-entry.ts';
import { ITEM_ABSENT, RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { type Operation, withCondition } from '../dynamo/transaction.ts';
import type { DecisionRecord, SendItem } from '../items.ts';
import { customerKey, type ItemKey, messageNameOf, referenceKey, sendKey, sessionKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';
import { sessionUnchanged } from '../session/session-unchanged.ts';
import type { SendState } from './load-send-state.ts';

export interface ClaimSend {
  readonly id: string;
  /** Names the claim: a released claim is replaced only while it is the one that was read. */
  readonly claimedBy: string;
  readonly requestHash: string;
  readonly channel: string;
  readonly state: SendState;
  readonly now: Date;
  /** Longer than the Lambda may run: after it, a record without outcome is in doubt (R11). */
  readonly leaseSeconds: number;
  readonly retentionDays: number;
  readonly sentAs: 'session' | 'template';
  /** Who sends, where the caller says so. */
  readonly as?: CallerKind | undefined;
  readonly content: unknown;
  readonly replyTo?: string | undefined;
  readonly clientReference?: string | undefined;
  readonly decision: z.infer<typeof DecisionRecord>;
}

/** The TTL of a message and its claim, epoch seconds. */
export const expiresAtOf = ({ now, retentionDays }: ClaimSend): number =>
  expiresAfterDays(epochSeconds(now), retentionDays);

/** Claims the id, or replaces the released claim that was read. */
export const putClaim = (TableName: string, send: ClaimSend, key: ItemKey): Operation => {
  const { id, claimedBy, requestHash, state } = send;
  const claim = {
    claimedBy,
    requestHash,
    messagePk: key.pk,
    messageSk: key.sk,
    expiresAt: expiresAtOf(send),
  } satisfies SendItem;
  const condition =
    state.claim === undefined
      ? ITEM_ABSENT
      : {
          ConditionExpression: 'claimedBy = :sameClaim',
          ExpressionAttributeValues: { ':sameClaim': state.claim.claimedBy },
        };
  return { Put: { TableName, Item: { ...sendKey(id), ...claim }, ...condition, ...RETURN_OLD_ITEM } };
};

/** Makes the message findable by the reference of the caller, if there is one. */
export const putReference = (TableName: string, send: ClaimSend): readonly Operation[] => {
  const { id, channel, clientReference } = send;
  if (clientReference === undefined) return [];
  const key = referenceKey({ channel, clientReference, id });
  return [{ Put: { TableName, Item: { ...key, expiresAt: expiresAtOf(send) } } }];
};

/** Puts the message's record, or replaces the released one. */
export const putRecord = (TableName: string, send: ClaimSend, key: ItemKey): Operation => {
  const leaseUntil = send.now.getTime() + send.leaseSeconds * 1000;
  const dueAt = epochSeconds(new Date(leaseUntil));
  const Item = {
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
    claimedBy: send.claimedBy,
    names: send.state.names.length === 0 ? undefined : send.state.names.map(({ name }) => name),
    ...dueAttributes({ kind: 'send', channel: send.channel, customer: send.state.customer, dueAt }),
    expiresAt: expiresAtOf(send),
  };
  const condition =
    send.state.claim === undefined
      ? ITEM_ABSENT
      : {
          ConditionExpression: `${ITEM_ABSENT.ConditionExpression} OR released = :true`,
          ExpressionAttributeValues: { ':true': true },
        };
  return { Put: { TableName, Item, ...condition } };
};

/** The slot with this send as a holder. */
const slotOf = ({ id, state, now }: ClaimSend): ReengagementSlot => slotWith(state.record, id, now);

/** Uses the slot while consent, slot and last opening are what was read: of two concurrent sends one wins (R8). */
const useSlot = (TableName: string, send: ClaimSend): Operation => {
  const { channel, state } = send;
  const used = slotOf(send);
  const { slot, lastOpenedAt, consentVersion } = state.record;
  const sameSession = lastOpenedIs(lastOpenedAt);
  const unchanged = slotUnchanged({ slotUsedAt: slot?.usedAt, slotHolders: new Set(slot?.holders) });
  return {
    Update: {
      TableName,
      Key: customerKey(channel, state.customer),
      UpdateExpression: 'SET slotUsedAt = :usedAt, slotHolders = :holders',
      ConditionExpression: [
        'attribute_not_exists(movedTo)',
        unchanged.ConditionExpression,
        sameSession.expression,
        'consent.#state = :optedIn',
        'consentVersion = :consentVersion',
      ].join(' AND '),
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...unchanged.ExpressionAttributeValues,
        ...sameSession.values,
        ':usedAt': used.usedAt,
        ':holders': new Set(used.holders),
        ':optedIn': 'opted_in',
        ':consentVersion': consentVersion ?? 0,
      },
    },
  };
};

/**
 * Fails when a customer's message opened a session in between, which makes the slot unnecessary. An ended session that is
 * still stored is marked, so that a message that was decided on before its end and written after it finds the slot (R8).
 */
const markSession = (TableName: string, send: ClaimSend): Operation => {
  const { channel, state } = send;
  const where = { TableName, Key: sessionKey(channel, state.customer) };
  const unchanged = sessionUnchanged(state.session);
  if (!('ExpressionAttributeValues' in unchanged)) return { ConditionCheck: { ...where, ...unchanged } };
  return {
    Update: {
      ...where,
      ...unchanged,
      UpdateExpression: 'SET slotUsedAt = :slotUsedAt',
      ExpressionAttributeValues: { ...unchanged.ExpressionAttributeValues, ':slotUsedAt': slotOf(send).usedAt },
    },
  };
};

/** Fails when the consent has changed since the decision: an opt-out wins over the send (R9). */
const checkConsent = (TableName: string, { channel, state }: ClaimSend): Operation => {
  const version = state.record.consentVersion ?? 0;
  const where = { TableName, Key: customerKey(channel, state.customer) };
  // A customer who was known and is not any more was erased: a send decided before is not recorded (R16).
  const known = state.isKnown ? 'attribute_exists(pk) AND ' : '';
  // Another name of the customer may have an opt-out: a merge moves the state and counts as a change of consent.
  const here = `${known}attribute_not_exists(movedTo)`;
  return version === 0
    ? { ConditionCheck: { ...where, ConditionExpression: `${here} AND attribute_not_exists(consentVersion)` } }
    : {
        ConditionCheck: {
          ...where,
          ConditionExpression: `${here} AND consentVersion = :version`,
          ExpressionAttributeValues: { ':version': version },
        },
      };
};

/** A bot's send holds only while the owner of the conversation is what was read: a person who takes it over wins. */
const whileOwned = (onRecord: Operation, { as, state }: ClaimSend): Operation =>
  as === 'bot' ? withCondition(onRecord, ownerUnchanged(state.record.owner)) : onRecord;

/** Notes on an open session that it was answered: never before the message that it answers, whose clock may be ahead. */
const markAnswered = (TableName: string, { channel, state, now }: ClaimSend): readonly Operation[] =>
  isOpen(state.session, now)
    ? [
        {
          Update: {
            TableName,
            Key: sessionKey(channel, state.customer),
            UpdateExpression: 'SET lastAnswerAt = :answeredAt',
            ConditionExpression: 'sessionId = :answered',
            ExpressionAttributeValues: {
              ':answeredAt': Math.max(epochSeconds(now), state.session.lastInboundAt),
              ':answered': state.session.sessionId,
            },
          },
        },
      ]
    : [];

/** The conditions under which the decision still holds, and what it changes: the use of the slot, or the answer to the session. */
export const confirmDecision = (TableName: string, send: ClaimSend): readonly Operation[] =>
  send.decision.usesReengagement
    ? [whileOwned(useSlot(TableName, send), send), markSession(TableName, send)]
    : [whileOwned(checkConsent(TableName, send), send), ...markAnswered(TableName, send)];
