import type { EventOf } from '../shared/domain/events.ts';
import type { Change } from '../shared/store/changes.ts';
import type { SessionItem } from '../shared/store/items.ts';
import { instant } from './instant.ts';

type SessionChange = Extract<Change, { kind: 'session' }>;
type SessionEvent = EventOf<'session.opened'> | EventOf<'session.closing'> | EventOf<'session.closed'>;

/**
 * When and why a session ended: of two ends the first counts. DynamoDB deletes what has ended; what goes before its end was
 * erased with its customer (R16).
 */
export const endOf = ({ removedAt }: SessionChange, { expiresAt, closedAt }: SessionItem) => {
  if (closedAt !== undefined && closedAt < expiresAt) return { endedAt: closedAt, reason: 'provider' } as const;
  if (removedAt !== undefined && removedAt < expiresAt) return { endedAt: removedAt, reason: 'erased' } as const;
  return { endedAt: expiresAt, reason: 'expired' } as const;
};

const windowOf = ({ openedAt, lastInboundAt, expiresAt }: SessionItem) => ({
  openedAt: instant(openedAt),
  lastInboundAt: instant(lastInboundAt),
  expiresAt: instant(expiresAt),
});

const about = ({ channel, customer }: SessionChange, { sessionId, expiresAt }: SessionItem) => ({
  identity: [channel, customer, sessionId, expiresAt],
  of: { channel, customer, sessionId },
});

const opened = (change: SessionChange, session: SessionItem): EventOf<'session.opened'> => {
  const { identity, of } = about(change, session);
  const detail = { ...of, occurredAt: instant(session.openedAt), data: windowOf(session) };
  return { type: 'session.opened', identity, detail };
};

const closing = (change: SessionChange, session: SessionItem, leadSeconds: number): EventOf<'session.closing'> => {
  const { identity, of } = about(change, session);
  const at = Math.min(session.expiresAt - leadSeconds, endOf(change, session).endedAt);
  return {
    type: 'session.closing',
    identity,
    detail: { ...of, occurredAt: instant(at), data: windowOf(session) },
  };
};

const closed = (change: SessionChange, session: SessionItem): EventOf<'session.closed'> => {
  const { identity, of } = about(change, session);
  const { endedAt, reason } = endOf(change, session);
  return {
    type: 'session.closed',
    identity,
    detail: { ...of, occurredAt: instant(endedAt), data: { ...windowOf(session), reason } },
  };
};

/** The same session as before, when it is one. */
const knownIn = ({ before, after }: SessionChange): SessionItem | undefined =>
  before !== undefined && before.sessionId === after?.sessionId ? before : undefined;

/** The session that a change ends, unless it had ended before: it was closed, replaced by the next one, or removed. */
export const endedBy = (change: SessionChange): SessionItem | undefined => {
  const { before, after } = change;
  if (before === undefined || before.phase === 'closed') return undefined;
  if (knownIn(change) === undefined) return before;
  return after?.phase === 'closed' ? after : undefined;
};

/** The session whose end has come near with this change: once for each end that it has had. */
const nearedBy = (change: SessionChange): readonly SessionItem[] => {
  const { before, after } = change;
  const known = knownIn(change);
  const gone = known === undefined && before?.phase === 'open' ? [before] : [];
  const wasAnnounced = known !== undefined && known.expiresAt === after?.expiresAt && known.phase !== 'open';
  return after === undefined || after.phase === 'open' || wasAnnounced ? gone : [...gone, after];
};

/**
 * What a change of a SESSION item means. A session that gives way to the next one closes first, whoever was to say so: the
 * sweep, DynamoDB's deletion, or the customer who came back before either.
 */
export const sessionEvents = (change: SessionChange, leadSeconds: number): readonly SessionEvent[] => {
  const { before, after } = change;
  const [ended, neared] = [endedBy(change), nearedBy(change)];
  const endsOf = (session: SessionItem | undefined): readonly SessionEvent[] => [
    ...neared.filter((one) => one === session).map((one) => closing(change, one, leadSeconds)),
    ...(ended !== undefined && ended === session ? [closed(change, ended)] : []),
  ];
  const isNew = after !== undefined && knownIn(change) === undefined;
  return [...endsOf(before), ...(isNew ? [opened(change, after)] : []), ...endsOf(after)];
};
