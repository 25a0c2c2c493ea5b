import type { CustomerKey } from '../domain/customer.ts';
import type { MessageStatus } from '../domain/status.ts';
import { expiresAtOf } from '../domain/window.ts';
import type { Change } from '../store/changes.ts';
import type { CustomerItem, OutboundItem, PastItem, SessionItem } from '../store/items.ts';
import type { StoredMessage } from '../store/message/thread-page.ts';
import type { CustomerSessions, StoredPast, StoredRow } from '../store/session/read-sessions.ts';

type SessionChange = Extract<Change, { kind: 'session' | 'merge' }>;

/** The session as it was when it was opened. */
const opened = ({ sessionId, openedAt }: PastItem | SessionItem): SessionItem => ({
  sessionId,
  openedAt,
  lastInboundAt: openedAt,
  expiresAt: expiresAtOf(openedAt),
  phase: 'open',
});

const openedChange = (channel: string, name: CustomerKey, session: PastItem | SessionItem): SessionChange => ({
  kind: 'session',
  channel,
  customer: session.openedAs ?? name,
  before: undefined,
  after: opened(session),
});

/** The change that ended a session, by the sweep, the provider, or a merge of names. */
const endedChange = (channel: string, { name, past }: StoredPast): SessionChange => {
  const { sessionId, openedAt, lastInboundAt, endedAt, reason, mergedInto } = past;
  const expiresAt = expiresAtOf(lastInboundAt);
  const before: SessionItem = { sessionId, openedAt, lastInboundAt, expiresAt, phase: 'open' };
  if (reason === 'merged') {
    const window = { sessionId: mergedInto, state: 'open', expiresAt } as const;
    const tombstone = { movedTo: name, learnedAt: endedAt, isRenewed: true, window } as const;
    return { kind: 'merge', channel, customer: name, to: name, isNew: false, before, tombstone };
  }
  const closedAt = reason === 'provider' ? endedAt : undefined;
  const after: SessionItem = { ...before, phase: 'closed', closedAt };
  return { kind: 'session', channel, customer: name, before, after };
};

/** The changes of what is stored in the place of a session. */
const rowChanges = (channel: string, { name, row }: StoredRow): readonly SessionChange[] => {
  if ('movedTo' in row) {
    const isNew = row.isRenewed !== true;
    const merge = { kind: 'merge', channel, customer: name, to: row.movedTo, isNew, before: undefined } as const;
    return [{ ...merge, tombstone: row }];
  }
  const before: SessionItem = { ...row, phase: 'open', closedAt: undefined };
  return [openedChange(channel, name, row), { kind: 'session', channel, customer: name, before, after: row }];
};

/** The changes that brought the consents in force, where their versions are known. */
const consentChanges = (
  channel: string,
  customer: CustomerKey,
  { consent, marketing, consentVersion, consentFrom, marketingFrom }: CustomerItem,
): readonly Change[] => {
  // A release before this one, or a merge, has changed them since.
  if (Math.max(consentFrom ?? 0, marketingFrom ?? 0) !== consentVersion) return [];
  const empty = { slotHolders: new Set<string>() };
  const change = (version: number, inForce: Pick<CustomerItem, 'consent' | 'marketing'>): Change => ({
    kind: 'customer',
    channel,
    customer,
    before: { ...empty, consentVersion: version - 1 },
    after: { ...empty, consentVersion: version, ...inForce },
  });
  return [
    ...(consentFrom === undefined ? [] : [change(consentFrom, { consent })]),
    ...(marketingFrom === undefined ? [] : [change(marketingFrom, { marketing })]),
  ];
};

/** The changes of a customer's sessions, names and consents, made anew from what is stored. */
export const changesOfCustomer = (channel: string, sessions: CustomerSessions): readonly Change[] => {
  const { customer, record, rows, past } = sessions;
  return [
    ...past.flatMap((one) => [openedChange(channel, one.name, one.past), endedChange(channel, one)]),
    ...rows.flatMap((row) => rowChanges(channel, row)),
    ...consentChanges(channel, customer, record),
  ];
};

/** The statuses before which the provider has given no id. */
const WITHOUT_ID: ReadonlySet<MessageStatus> = new Set(['accepted', 'in_doubt']);

/** A message to the customer as it was with so many statuses. */
const withStatuses = (message: OutboundItem, count: number): OutboundItem => {
  const statuses = message.statuses.slice(0, count);
  const { status, at } = statuses.at(-1) ?? message;
  const { providerMessageId, pricing } = message;
  return {
    ...message,
    status,
    statuses,
    providerMessageId: WITHOUT_ID.has(status) ? undefined : providerMessageId,
    pricing: pricing !== undefined && pricing.at <= at ? pricing : undefined,
  };
};

/** The changes of a message, made anew from what is stored. */
export const changesOfMessage = (channel: string, { name: customer, message }: StoredMessage): readonly Change[] => {
  const change = { kind: 'message', channel, customer } as const;
  if (message.direction !== 'outbound') return [{ ...change, before: undefined, after: message }];
  return message.statuses.map((_, index) => ({
    ...change,
    before: index === 0 ? undefined : withStatuses(message, index),
    after: withStatuses(message, index + 1),
  }));
};
