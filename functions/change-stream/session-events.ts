import type { EventOf } from '../shared/domain/events.ts';
import { toInstant } from '../shared/domain/time.ts';
import type { Change } from '../shared/store/changes.ts';
import type { SessionItem } from '../shared/store/items.ts';

type SessionChange = Extract<Change, { kind: 'session' }>;
type SessionEvent = EventOf<'session.opened'> | EventOf<'session.closing'> | EventOf<'session.closed'>;

/**
 * When and why a session ended; of two ends the earlier one counts. DynamoDB deletes a session after its end: one that is
 * removed before its end was erased with its customer (R16).
 */
export const endOf = ({ removedAt }: SessionChange, { expiresAt, closedAt }: SessionItem) => {
  if (closedAt !== undefined && closedAt < expiresAt) return { endedAt: closedAt, reason: 'provider' } as const;
  if (removedAt !== undefined && removedAt < expiresAt) return { endedAt: removedAt, reason: 'erased' } as const;
  return { endedAt: expiresAt, reason: 'expired' } as const;
};

const windowOf = ({ openedAt, lastInboundAt, expiresAt }: SessionItem) => ({
  openedAt: toInstant(openedAt),
  lastInboundAt: toInstant(lastInboundAt),
  expiresAt: toInstant(expiresAt),
});

const headOf = ({ channel, customer }: SessionChange, { sessionId, expiresAt }: SessionItem) => ({
  identity: [channel, customer, sessionId, expiresAt],
  subject: { channel, customer, sessionId },
});

const openedEvent = (change: SessionChange, session: SessionItem): EventOf<'session.opened'> => {
  const { identity, subject } = headOf(change, session);
  const detail = { ...subject, occurredAt: toInstant(session.openedAt), data: windowOf(session) };
  return { type: 'session.opened', identity, detail };
};

const closingEvent = (change: SessionChange, session: SessionItem, leadSeconds: number): EventOf<'session.closing'> => {
  const { identity, subject } = headOf(change, session);
  const at = Math.min(session.expiresAt - leadSeconds, endOf(change, session).endedAt);
  return {
    type: 'session.closing',
    identity,
    detail: { ...subject, occurredAt: toInstant(at), data: windowOf(session) },
  };
};

const closedEvent = (change: SessionChange, session: SessionItem): EventOf<'session.closed'> => {
  const { identity, subject } = headOf(change, session);
  const { endedAt, reason } = endOf(change, session);
  return {
    type: 'session.closed',
    identity,
    detail: { ...subject, occurredAt: toInstant(endedAt), data: { ...windowOf(session), reason } },
  };
};

/** The state of the same session before the change; `undefined` when the session is new or the change removed it. */
const continuedSession = ({ before, after }: SessionChange): SessionItem | undefined =>
  before !== undefined && before.sessionId === after?.sessionId ? before : undefined;

/** The session that a change ended by closing, replacing or removing it; `undefined` when it had ended before. */
export const endedSession = (change: SessionChange): SessionItem | undefined => {
  const { before, after } = change;
  if (before === undefined || before.phase === 'closed') return undefined;
  if (continuedSession(change) === undefined) return before;
  return after?.phase === 'closed' ? after : undefined;
};

/** The sessions whose closing is due with this change: once for each `expiresAt` that a session has had. */
const closingSessions = (change: SessionChange): readonly SessionItem[] => {
  const { before, after } = change;
  const same = continuedSession(change);
  const replaced = same === undefined && before?.phase === 'open' ? [before] : [];
  const isAnnounced = same !== undefined && same.expiresAt === after?.expiresAt && same.phase !== 'open';
  return after === undefined || after.phase === 'open' || isAnnounced ? replaced : [...replaced, after];
};

/**
 * The events of a change of a SESSION item. A session that the next one replaces closes first, whichever comes first: the
 * sweep, the deletion by DynamoDB, or the customer's next message.
 */
export const sessionEvents = (change: SessionChange, leadSeconds: number): readonly SessionEvent[] => {
  const { before, after } = change;
  const [ended, closing] = [endedSession(change), closingSessions(change)];
  const endEventsOf = (session: SessionItem | undefined): readonly SessionEvent[] => [
    ...closing.filter((one) => one === session).map((one) => closingEvent(change, one, leadSeconds)),
    ...(ended !== undefined && ended === session ? [closedEvent(change, ended)] : []),
  ];
  const isNew = after !== undefined && continuedSession(change) === undefined;
  return [...endEventsOf(before), ...(isNew ? [openedEvent(change, after)] : []), ...endEventsOf(after)];
};
