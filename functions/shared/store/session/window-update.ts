import type { CustomerKey, Identities } from '../../domain/customer.ts';
import type { EntryPoint } from '../../domain/entry-point.ts';
import { epochSeconds, expiresAtOf, phaseAt } from '../../domain/window.ts';
import { dueBucket } from '../due/due-bucket.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import type { CustomerItem, SessionItem } from '../items.ts';
import { sessionKey } from '../keys.ts';
import { AFTER_SKEW } from './mark-clock-skew.ts';
import { sessionUnchanged } from './session-unchanged.ts';

/** A message that opens or extends a session. */
export interface QualifyingMessage {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly identities: Identities;
  /** The whole second at which it counts (R1, R3). */
  readonly at: number;
  readonly now: Date;
  /** How long before its end the channel announces a session's closing. */
  readonly closingLeadSeconds: number;
  readonly newSessionId: () => string;
  /** True once the second at which it counts is stored, so that a skewed message cannot count twice (R3). */
  readonly stored: boolean;
  /** True once this arrival has written the customer's record: one that is not stored any more was erased (R16). */
  readonly isKnown?: boolean | undefined;
  /** The ad or post that led to it. */
  readonly entryPoint?: Pick<EntryPoint, 'source' | 'id'> | undefined;
}

/** Session and customer as they were read. */
export interface SessionState {
  readonly session: SessionItem | undefined;
  readonly customer: CustomerItem;
}

/** The window of a message; the phase is `closing` when the message arrives within the lead of the window's end. */
const windowOf = ({ channel, customer, at, closingLeadSeconds, now }: QualifyingMessage) => ({
  lastInboundAt: at,
  expiresAt: expiresAtOf(at),
  phase: phaseAt(expiresAtOf(at), closingLeadSeconds, now),
  dueBucket: dueBucket({ kind: 'session', channel, customer, dueAt: expiresAtOf(at) }),
});

const SET_WINDOW = 'SET lastInboundAt = :at, expiresAt = :expiresAt, phase = :phase, dueBucket = :bucket';

/** A message that came through no ad leaves the session's entry point. */
const setWindow = ({ entryPoint }: QualifyingMessage): string =>
  entryPoint === undefined ? SET_WINDOW : `${SET_WINDOW}, entryPoint = :entryPoint`;

const entryPointOf = ({ entryPoint, at }: QualifyingMessage): EntryPoint | undefined =>
  entryPoint === undefined ? undefined : { ...entryPoint, at };

const windowValues = (message: QualifyingMessage) => {
  const { lastInboundAt, expiresAt, phase, dueBucket: bucket } = windowOf(message);
  const entryPoint = entryPointOf(message);
  return {
    ':at': lastInboundAt,
    ':expiresAt': expiresAt,
    ':phase': phase,
    ':bucket': bucket,
    ':closed': 'closed',
    ...(entryPoint === undefined ? {} : { ':entryPoint': entryPoint }),
  };
};

/** The steady state: one conditional maximum on an open session, without a read before it (R2). */
export const extendOpenSession = (table: Table, message: QualifyingMessage) =>
  updateConditionally(table, sessionKey(message.channel, message.customer), {
    UpdateExpression: setWindow(message),
    ConditionExpression: [
      'expiresAt > :now',
      'lastInboundAt < :at',
      'phase <> :closed',
      'attribute_not_exists(providerClosedFor)',
      'attribute_not_exists(slotUsedAt)',
      'attribute_not_exists(movedTo)',
      ...(message.stored ? [] : [AFTER_SKEW]),
    ].join(' AND '),
    ExpressionAttributeValues: { ...windowValues(message), ':now': epochSeconds(message.now) },
    ReturnValues: 'ALL_NEW',
    ...RETURN_OLD_ITEM,
  });

/** When the slot was used, if by a template sent after this message was written: only the next message frees it (R8). */
const slotUsedAfter = (at: number, { slotUsedAt, slotHolders }: CustomerItem): number | undefined =>
  slotUsedAt !== undefined && slotHolders.size > 0 && slotUsedAt > at ? slotUsedAt : undefined;

/** Extends an open session that has an attribute which the steady state excludes. */
export const extendMarkedSession = (
  table: Table,
  message: QualifyingMessage,
  { session, customer }: SessionState & { session: SessionItem },
) => {
  const slotUsedAt = slotUsedAfter(message.at, customer);
  const unchanged = sessionUnchanged(session);
  return updateConditionally(table, sessionKey(message.channel, message.customer), {
    UpdateExpression:
      slotUsedAt === undefined
        ? `${setWindow(message)} REMOVE providerClosedFor, slotUsedAt`
        : `${setWindow(message)}, slotUsedAt = :slotUsedAt REMOVE providerClosedFor`,
    // Once the end was published, the next message opens another session.
    ConditionExpression: `${unchanged.ConditionExpression} AND phase <> :closed`,
    ExpressionAttributeValues: {
      ...windowValues(message),
      ...('ExpressionAttributeValues' in unchanged ? unchanged.ExpressionAttributeValues : {}),
      ...(slotUsedAt === undefined ? {} : { ':slotUsedAt': slotUsedAt }),
    },
    ReturnValues: 'ALL_NEW',
  });
};

/** The item of a session that a message opens. */
export const newSession = (message: QualifyingMessage, customer: CustomerItem) =>
  ({
    ...windowOf(message),
    sessionId: message.newSessionId(),
    openedAt: message.at,
    slotUsedAt: slotUsedAfter(message.at, customer),
    skewedUntil: customer.skewedUntil,
    entryPoint: entryPointOf(message),
  }) satisfies SessionItem & Record<string, unknown>;
