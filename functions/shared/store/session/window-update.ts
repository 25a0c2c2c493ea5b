import type { CustomerKey } from '../../domain/customer.ts';
import type { EntryPoint } from '../../domain/entry-point.ts';
import { isOwned } from '../../domain/names.ts';
import { epochSeconds, expiresAtOf, phaseAt } from '../../domain/window.ts';
import type { LinkOutcome } from '../customer/link-names.ts';
import { type DueItem, dueAtOf, dueAttributes, exactUntil, setDue } from '../due/due-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { type CustomerItem, SessionItem } from '../items.ts';
import { sessionKey } from '../keys.ts';
import { AFTER_SKEW } from './mark-clock-skew.ts';
import { sessionUnchanged } from './session-unchanged.ts';

/** A message that opens or extends a session. */
export interface QualifyingMessage {
  readonly channel: string;
  /** Where the customer's items are looked for. */
  readonly customer: CustomerKey;
  /** The name that the webhook gives. */
  readonly given: CustomerKey;
  /** The customer's user id, where the webhook has it beside the number: both are linked before the message counts. */
  readonly otherName?: CustomerKey | undefined;
  /** True once they are. */
  readonly isLinked?: boolean | undefined;
  /** Called with the outcome of each link. */
  readonly onLink?: ((outcome: LinkOutcome) => void) | undefined;
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
  readonly profile?: { readonly name?: string | undefined; readonly username?: string | undefined } | undefined;
  /** The ad or post that led to it. */
  readonly entryPoint?: Pick<EntryPoint, 'source' | 'id'> | undefined;
  /** Meta's Business Agent answers the conversation. */
  readonly isStandby?: boolean | undefined;
}

/** Session and customer as they were read. */
export interface SessionState {
  readonly session: SessionItem | undefined;
  readonly customer: CustomerItem;
}

/** The window of a message; the phase is `closing` when the message arrives within the lead of the window's end. */
const windowOf = ({ at, closingLeadSeconds, now }: QualifyingMessage) => ({
  lastInboundAt: at,
  expiresAt: expiresAtOf(at),
  phase: phaseAt(expiresAtOf(at), closingLeadSeconds, now),
});

/** The entry of the session at its end. */
const dueOf = ({ channel, customer, at }: QualifyingMessage): DueItem => ({
  kind: 'session',
  channel,
  customer,
  dueAt: expiresAtOf(at),
});

const SET_WINDOW = 'SET lastInboundAt = :at, expiresAt = :expiresAt, phase = :phase';

/** A message that came through no ad leaves the session's entry point. */
const setWindow = ({ entryPoint, isStandby }: QualifyingMessage): string =>
  [
    SET_WINDOW,
    ...(entryPoint === undefined ? [] : ['entryPoint = :entryPoint']),
    ...(isStandby === true ? ['standbyAt = :at'] : []),
  ].join(', ');

const entryPointOf = ({ entryPoint, at }: QualifyingMessage): EntryPoint | undefined =>
  entryPoint === undefined ? undefined : { ...entryPoint, at };

const windowValues = (message: QualifyingMessage) => {
  const { lastInboundAt, expiresAt, phase } = windowOf(message);
  const entryPoint = entryPointOf(message);
  return {
    ':at': lastInboundAt,
    ':expiresAt': expiresAt,
    ':phase': phase,
    ':closed': 'closed',
    ...(entryPoint === undefined ? {} : { ':entryPoint': entryPoint }),
  };
};

/** The session must know the other name of the webhook; once that is linked, a session that does not know it learns it. */
const namesOf = ({ customer, given, otherName, isLinked = false }: QualifyingMessage) => {
  const other = otherName === customer ? given : otherName;
  if (other === undefined || other === customer) return { update: '', conditions: [], value: undefined };
  return isLinked
    ? { update: ' ADD #names :name', conditions: [], value: new Set([other]) }
    : { update: '', conditions: ['contains(#names, :name)'], value: other };
};

/** The second up to which the entry of a session must be exact. */
const edgeOf = ({ now, closingLeadSeconds }: QualifyingMessage): number =>
  exactUntil(epochSeconds(now), closingLeadSeconds);

/** An entry beyond the edge stays where it is, so that the index is not written; one within it moves to the session's end. */
const entryOf = (message: QualifyingMessage, entry: 'stays' | 'moves') => {
  const { set, values } = setDue(dueOf(message));
  return entry === 'stays'
    ? { update: '', conditions: ['dueAt > :edge'], values: { ':edge': edgeOf(message) } }
    : { update: `, ${set}`, conditions: [], values };
};

const updateOpen = (table: Table, message: QualifyingMessage, entry: 'stays' | 'moves') => {
  const names = namesOf(message);
  const due = entryOf(message, entry);
  return updateConditionally(table, sessionKey(message.channel, message.customer), {
    UpdateExpression: `${setWindow(message)}${due.update}${names.update}`,
    ConditionExpression: [
      'expiresAt > :now',
      'lastInboundAt < :at',
      'phase <> :closed',
      'attribute_not_exists(providerClosedFor)',
      'attribute_not_exists(slotUsedAt)',
      'attribute_not_exists(movedTo)',
      ...due.conditions,
      ...names.conditions,
      ...(message.stored ? [] : [AFTER_SKEW]),
    ].join(' AND '),
    ...(names.value === undefined ? {} : { ExpressionAttributeNames: { '#names': 'names' } }),
    ExpressionAttributeValues: {
      ...windowValues(message),
      ...due.values,
      ':now': epochSeconds(message.now),
      ...(names.value === undefined ? {} : { ':name': names.value }),
    },
    ReturnValues: 'ALL_NEW',
    ...RETURN_OLD_ITEM,
  });
};

/** Whether the entry is all that kept a message from extending the session. */
const isWithinEdge = (item: unknown, message: QualifyingMessage): boolean => {
  const [{ data: session }, dueAt] = [SessionItem.safeParse(item), dueAtOf(item)];
  if (session === undefined || dueAt === undefined || session.phase === 'closed') return false;
  const { expiresAt, lastInboundAt } = session;
  return expiresAt > epochSeconds(message.now) && lastInboundAt < message.at && dueAt <= edgeOf(message);
};

/**
 * The steady state: one conditional maximum on an open session of these names, without a read before it (R2). Of a session
 * that ends soon, a second one, which moves its entry in the due index.
 */
export const extendOpenSession = async (table: Table, message: QualifyingMessage) => {
  const extended = await updateOpen(table, message, 'stays');
  if (extended.ok || !isWithinEdge(extended.item, message)) return extended;
  const moved = await updateOpen(table, message, 'moves');
  // A session that is not stored any more was erased: the message is of the customer who was.
  return moved.ok || moved.item !== undefined ? moved : extended;
};

/**
 * When the slot was used, if by a template sent after this message was written: only the next message frees it (R8). Without
 * a holder too, since a template that failed may be proven delivered.
 */
const slotUsedAfter = (at: number, { slotUsedAt }: CustomerItem): number | undefined =>
  slotUsedAt !== undefined && slotUsedAt > at ? slotUsedAt : undefined;

/** Extends an open session that has an attribute which the steady state excludes. */
export const extendMarkedSession = (
  table: Table,
  message: QualifyingMessage,
  { session, customer }: SessionState & { session: SessionItem },
) => {
  const slotUsedAt = slotUsedAfter(message.at, customer);
  const unchanged = sessionUnchanged(session);
  const due = entryOf(message, 'moves');
  return updateConditionally(table, sessionKey(message.channel, message.customer), {
    UpdateExpression:
      slotUsedAt === undefined
        ? `${setWindow(message)}${due.update} REMOVE providerClosedFor, slotUsedAt`
        : `${setWindow(message)}${due.update}, slotUsedAt = :slotUsedAt REMOVE providerClosedFor`,
    // Once the end was published, the next message opens another session.
    ConditionExpression: `${unchanged.ConditionExpression} AND phase <> :closed`,
    ExpressionAttributeValues: {
      ...windowValues(message),
      ...due.values,
      ...('ExpressionAttributeValues' in unchanged ? unchanged.ExpressionAttributeValues : {}),
      ...(slotUsedAt === undefined ? {} : { ':slotUsedAt': slotUsedAt }),
    },
    ReturnValues: 'ALL_NEW',
  });
};

const otherNames = (canonical: CustomerKey, { names = [] }: CustomerItem): Set<CustomerKey> | undefined => {
  const others = names.filter((name) => isOwned(name) && name.name !== canonical).map(({ name }) => name);
  return others.length === 0 ? undefined : new Set(others);
};

/**
 * The item of a session that a message opens. It knows the one that it replaces: a webhook that extended that one may store
 * its message after both are erased.
 */
export const newSession = (message: QualifyingMessage, { session, customer }: SessionState) =>
  ({
    ...windowOf(message),
    ...dueAttributes(dueOf(message)),
    sessionId: message.newSessionId(),
    openedAt: message.at,
    slotUsedAt: slotUsedAfter(message.at, customer),
    skewedUntil: customer.skewedUntil,
    entryPoint: entryPointOf(message),
    names: otherNames(message.customer, customer),
    absorbed: session && new Set([session.sessionId]),
    standbyAt: message.isStandby === true ? message.at : undefined,
  }) satisfies SessionItem & Record<string, unknown>;
