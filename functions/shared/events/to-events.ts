import type { EventOf, ServiceEvent } from '../domain/events.ts';
import { type OwnerView, toOwnerView } from '../domain/owner.ts';
import { toPriceView } from '../domain/pricing.ts';
import type { MessageStatus } from '../domain/status.ts';
import { changedAtOf, TEMPLATE_FACTS, type TemplateEntry } from '../domain/template-entry.ts';
import { toInstant, toInstantOfMs } from '../domain/time.ts';
import type { Change } from '../store/changes.ts';
import type { CustomerItem, InboundItem, OutboundItem } from '../store/items.ts';
import { identifiedEvents, ownNameEvents } from './identified-events.ts';
import { sessionEvents } from './session-events.ts';

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const statusEvents = (
  { channel, customer, before }: ChangeOf<'message'>,
  message: OutboundItem,
): readonly EventOf<'message.status'>[] => {
  const published = before?.direction === 'outbound' ? before.statuses : [];
  const { id: messageId, sentAs, providerMessageId, clientReference } = message;
  const releasedBy = (status: MessageStatus) => (status === 'failed' && message.released ? true : undefined);
  const pricing = toPriceView(message.pricing);
  return message.statuses
    .filter((entry, index) => !isSame(entry, published[index]))
    .map(({ status, at, error, by }) => ({
      type: 'message.status',
      identity: [messageId, status, at, by ?? ''],
      detail: {
        occurredAt: toInstantOfMs(at),
        channel,
        customer,
        data: {
          messageId,
          status,
          sentAs,
          providerMessageId,
          clientReference,
          pricing,
          error,
          by,
          released: releasedBy(status),
        },
      },
    }));
};

const toWindow = (window: InboundItem['window']) =>
  window === undefined ? undefined : { state: window.state, expiresAt: toInstant(window.expiresAt) };

const messageEvents = (change: ChangeOf<'message'>): readonly ServiceEvent[] => {
  const { channel, customer, before, after } = change;
  if (after === undefined || after.direction === 'echo') return [];
  if (after.direction === 'outbound') return statusEvents(change, after);
  if (before !== undefined) return [];
  const { id: messageId, at, countedAt, window, content, replyTo, profileName, username, groupId, referral } = after;
  const { forwarded, frequentlyForwarded, requestId } = after;
  const detail = {
    occurredAt: countedAt === undefined ? toInstantOfMs(at) : toInstant(countedAt),
    channel,
    customer: after.customer ?? customer,
    sessionId: window?.sessionId,
    data: {
      messageId,
      window: toWindow(window),
      content,
      forwarded,
      frequentlyForwarded,
      replyTo,
      profileName,
      username,
      groupId,
      referral,
      requestId,
    },
  };
  return [{ type: 'message.received', identity: [channel, customer, messageId], detail }];
};

/** A change brings one consent into force, a merge of names those of the other name: both, one or none. */
const consentEvents = ({
  channel,
  customer,
  before,
  after,
}: ChangeOf<'customer'>): readonly EventOf<'consent.changed'>[] => {
  if (after === undefined || after.consentVersion <= (before?.consentVersion ?? 0)) return [];
  const scopes = [
    { scope: 'all', consent: after.consent, old: before?.consent, more: [] },
    // The identity of a change of everything is as it was before names were merged.
    { scope: 'marketing', consent: after.marketing, old: before?.marketing, more: ['marketing'] },
  ] as const;
  const changed = scopes.filter(({ consent, old }) => !isSame(consent, old));
  return changed.flatMap(({ scope, consent, more }) => {
    if (consent === undefined) return [];
    const { state, source, actor } = consent;
    const effectiveAt = toInstant(consent.effectiveAt);
    const data = { scope, state, source, actor, effectiveAt, version: after.consentVersion } as const;
    const identity = [channel, customer, after.consentVersion, consent.effectiveAt];
    return [
      {
        type: 'consent.changed',
        identity: changed.length > 1 ? [...identity, ...more] : identity,
        detail: { occurredAt: effectiveAt, channel, customer, data },
      },
    ];
  });
};

type OwnerRecord = CustomerItem['owner'];

const toOwner = (record: OwnerRecord): OwnerView | null =>
  record === undefined || record.kind === 'none' ? null : toOwnerView({ ...record, kind: record.kind });

const ownerEvents = ({
  channel,
  customer,
  before,
  after,
}: ChangeOf<'customer'>): readonly EventOf<'session.owner_changed'>[] => {
  const record = after?.owner;
  if (record === undefined || isSame(record, before?.owner)) return [];
  const [owner, previous] = [toOwner(record), toOwner(before?.owner)];
  if (owner === null && previous === null) return [];
  return [
    {
      type: 'session.owner_changed',
      identity: [channel, customer, record.kind, record.since],
      detail: { occurredAt: toInstantOfMs(record.since), channel, customer, data: { owner, previous } },
    },
  ];
};

/** When the newest fact of the template changed, epoch milliseconds. */
const lastChangedAt = (entry: TemplateEntry): number =>
  Math.max(...TEMPLATE_FACTS.map((fact) => changedAtOf(entry, fact)));

const templateEvents = ({
  account,
  at,
  before,
  after,
}: ChangeOf<'template'>): readonly EventOf<'template.changed'>[] => {
  const template = after ?? before;
  if (template === undefined || after?.version === before?.version) return [];
  const change = after === undefined ? 'removed' : before === undefined ? 'added' : 'changed';
  const { name, language, status, category, quality, version } = template;
  const changedAt = lastChangedAt(template);
  return [
    {
      type: 'template.changed',
      identity: [account, name, language, change, version, changedAt],
      detail: {
        occurredAt: change === 'removed' ? at.toISOString() : toInstantOfMs(changedAt),
        account,
        data: { change, name, language, status, category, quality, version },
      },
    },
  ];
};

const thresholdEvents = ({
  channel,
  month,
  before,
  after,
}: ChangeOf<'threshold'>): readonly EventOf<'usage.threshold'>[] => {
  if (after === undefined || before !== undefined) return [];
  const { threshold, mau, reachedAt } = after;
  return [
    {
      type: 'usage.threshold',
      identity: [channel, month, threshold],
      detail: { occurredAt: toInstantOfMs(reachedAt), channel, data: { month, threshold, mau } },
    },
  ];
};

/** The events of a change of the table, in order; none for a change of internal state. */
export const toEvents = (change: Change, leadSeconds: number): readonly ServiceEvent[] => {
  switch (change.kind) {
    case 'session':
      return sessionEvents(change, leadSeconds);
    case 'merge':
      return [...sessionEvents(change, leadSeconds), ...identifiedEvents(change)];
    case 'message':
      return messageEvents(change);
    case 'customer':
      return [...ownNameEvents(change), ...consentEvents(change), ...ownerEvents(change)];
    case 'template':
      return templateEvents(change);
    case 'threshold':
      return thresholdEvents(change);
  }
};
