import type { EventOf } from '../domain/events.ts';
import { toInstant } from '../domain/time.ts';
import type { Change } from '../store/changes.ts';
import type { SessionItem } from '../store/items.ts';

/** A change of a SESSION item: of a session, or into a tombstone. */
type SessionChange = Extract<Change, { kind: 'session' | 'merge' }>;
type Images = Pick<Extract<Change, { kind: 'session' }>, 'before' | 'after' | 'removedAt'>;
type SessionEvent = EventOf<'session.opened'> | EventOf<'session.closing'> | EventOf<'session.closed'>;

/** The images of a session before and after a change; a session that only moved to another name has none. */
const imagesOf = (change: SessionChange): Images => {
  if (change.kind === 'session') return withoutMoved(change);
  const { before, tombstone } = change;
  const { learnedAt, window, leftSession } = tombstone;
  const isMoved = learnedAt === undefined || [window?.sessionId, leftSession].includes(before?.sessionId);
  return { before: isMoved ? undefined : before, after: undefined };
};

const withoutMoved = ({ before, after, removedAt }: Images): Images => ({
  before: before !== undefined && after?.leftSession === before.sessionId ? undefined : before,
  after,
  removedAt,
});

/** When a change merged the session before it into another one, and into which. */
const mergeOf = (change: SessionChange) => {
  if (change.kind === 'merge') return { at: change.tombstone.learnedAt ?? 0, into: change.tombstone.window?.sessionId };
  const { before, after } = change;
  return after?.carriedAt === undefined || before?.sessionId === after.sessionId
    ? undefined
    : { at: after.carriedAt, into: after.sessionId };
};

/**
 * When and why a session ended; of several ends the earliest counts. DynamoDB deletes a session after its end: one that is
 * removed before its end was erased with its customer (R16).
 */
export const endOf = (change: SessionChange, { sessionId, expiresAt, closedAt }: SessionItem) => {
  const { removedAt } = imagesOf(change);
  const merge = mergeOf(change);
  if (closedAt !== undefined && closedAt < expiresAt) return { endedAt: closedAt, reason: 'provider' } as const;
  if (merge !== undefined && merge.at < expiresAt && merge.into !== sessionId)
    return { endedAt: merge.at, reason: 'merged', mergedInto: merge.into } as const;
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
  const { endedAt, ...why } = endOf(change, session);
  return {
    type: 'session.closed',
    identity,
    detail: { ...subject, occurredAt: toInstant(endedAt), data: { ...windowOf(session), ...why } },
  };
};

/** The state of the same session before the change; `undefined` when the session is new or the change removed it. */
const continuedSession = ({ before, after }: Images): SessionItem | undefined =>
  before !== undefined && before.sessionId === after?.sessionId ? before : undefined;

/** The session that a change ended by closing, replacing, merging or removing it; `undefined` when it had ended before. */
export const endedSession = (change: SessionChange): SessionItem | undefined => {
  const images = imagesOf(change);
  const { before, after } = images;
  if (before === undefined || before.phase === 'closed') return undefined;
  if (continuedSession(images) === undefined) return before;
  return after?.phase === 'closed' ? after : undefined;
};

/** Whether the session came from the partition of another name, where it was opened and announced. */
const isCarried = (images: Images): boolean =>
  images.after?.carriedAt !== undefined && continuedSession(images) === undefined;

/** A session that another one replaces without having been announced; one that is merged is closed without. */
const unannounced = (change: SessionChange, { before }: Images): readonly SessionItem[] =>
  before?.phase === 'open' && endOf(change, before).reason !== 'merged' ? [before] : [];

/** The sessions whose closing is due with this change: once for each `expiresAt` that a session has had. */
const closingSessions = (change: SessionChange): readonly SessionItem[] => {
  const images = imagesOf(change);
  const { after } = images;
  const same = continuedSession(images);
  const replaced = same === undefined ? unannounced(change, images) : [];
  const isAnnounced =
    isCarried(images) || (same !== undefined && same.expiresAt === after?.expiresAt && same.phase !== 'open');
  return after === undefined || after.phase === 'open' || isAnnounced ? replaced : [...replaced, after];
};

/**
 * The events of a change of a SESSION item. A session that the next one replaces closes first, whichever comes first: the
 * sweep, the deletion by DynamoDB, or the customer's next message. One that merely moves to another name has none.
 */
export const sessionEvents = (change: SessionChange, leadSeconds: number): readonly SessionEvent[] => {
  const images = imagesOf(change);
  const { before, after } = images;
  const [ended, closing] = [endedSession(change), closingSessions(change)];
  const endEventsOf = (session: SessionItem | undefined): readonly SessionEvent[] => [
    ...closing.filter((one) => one === session).map((one) => closingEvent(change, one, leadSeconds)),
    ...(ended !== undefined && ended === session ? [closedEvent(change, ended)] : []),
  ];
  const isNew = after !== undefined && continuedSession(images) === undefined && !isCarried(images);
  return [...endEventsOf(before), ...(isNew ? [openedEvent(change, after)] : []), ...endEventsOf(after)];
};
