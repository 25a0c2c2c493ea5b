import type { ConsentChange } from '../../domain/consent.ts';
import { type CustomerKey, customerOf } from '../../domain/customer.ts';
import type { InboundMessage } from '../../domain/inbound.ts';
import { countedAt, epochSeconds, isSkewed, type WindowLeft, windowAfter } from '../../domain/window.ts';
import { type ConsentRecorded, recordConsent } from '../customer/record-consent.ts';
import type { Table } from '../dynamo/client.ts';
import type { SessionItem } from '../items.ts';
import { type ItemKey, messageKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';
import { type ExtendOutcome, extendSession } from '../session/extend-session.ts';
import { markClockSkew } from '../session/mark-clock-skew.ts';
import type { QualifyingMessage } from '../session/window-update.ts';
import { type MessagePut, putMessage, putMessageOfKnown } from './put-inbound.ts';
import { storedContent, storedReferral, storedText } from './stored-json.ts';

export interface RecordInbound {
  readonly message: InboundMessage;
  readonly retentionDays: number;
  /** How long before its end the channel announces a session's closing. */
  readonly closingLeadSeconds: number;
  readonly now: Date;
  readonly newSessionId: () => string;
  /** Of the webhook that delivered it, for the logs. */
  readonly requestId?: string | undefined;
  /** Its place among the items of that webhook. @default - 0 */
  readonly position?: number | undefined;
  /** The change of consent that the message is, when it is a keyword (R9). */
  readonly consent?: ConsentChange | undefined;
}

export interface InboundRecorded {
  /** False when the message had been recorded before, or was erased with its customer (`window: 'erased'`). */
  readonly isNew: boolean;
  readonly window: Exclude<ExtendOutcome['kind'], 'store_first'> | 'does_not_open';
  /** True when the provider's timestamp is too far in the future to be trusted (R3). */
  readonly skewed: boolean;
  /** The outcome of the change of consent that the message is. */
  readonly consent?: ConsentRecorded['kind'] | undefined;
}

/** What is stored beside the message itself. */
interface Facts {
  /** The second at which it counts, where that is not the provider's. */
  readonly countedAt?: number | undefined;
  readonly window?: WindowLeft | undefined;
}

const toItem = ({ message, retentionDays, now, requestId, position }: RecordInbound, facts: Facts) => ({
  direction: 'inbound',
  id: message.id,
  at: message.providerAtMs,
  receivedAt: now.getTime(),
  requestId,
  position,
  userId: message.identities.phone === undefined ? undefined : message.identities.userId,
  countedAt: facts.countedAt,
  window: facts.window,
  content: storedContent(message.content),
  replyTo: storedText(message.replyTo),
  profileName: storedText(message.profileName),
  username: storedText(message.username),
  forwarded: message.forwarded,
  frequentlyForwarded: message.frequentlyForwarded,
  groupId: storedText(message.groupId),
  referral: storedReferral(message.referral),
  expiresAt: expiresAfterDays(epochSeconds(now), retentionDays),
});

interface Arrival extends RecordInbound {
  readonly customer: CustomerKey;
  readonly key: ItemKey;
}

/** Stores the message beside its session, which a mark shows as erased, or while its customer is stored (R16). */
const put = (table: Table, arrival: Arrival, facts: Facts): Promise<MessagePut | 'erased'> => {
  const { message, customer, key } = arrival;
  const item = toItem(arrival, facts);
  return facts.window?.sessionId === undefined
    ? putMessageOfKnown(table, { channel: message.channel, customer }, { ...key, ...item })
    : putMessage(table, key, item);
};

const extend = (
  table: Table,
  { message, customer, now, closingLeadSeconds, newSessionId }: Arrival,
  count: Pick<QualifyingMessage, 'at' | 'stored' | 'isKnown'>,
) =>
  extendSession(table, {
    channel: message.channel,
    identities: message.identities,
    customer,
    now,
    closingLeadSeconds,
    newSessionId,
    entryPoint: message.entryPoint,
    ...count,
  });

/** Counts a message whose second is stored and can no longer change. */
const countStored = async (table: Table, arrival: Arrival, count: Pick<QualifyingMessage, 'at' | 'isKnown'>) => {
  const extended = await extend(table, arrival, { ...count, stored: true });
  if (extended.kind === 'store_first') throw new Error('a message whose second is stored cannot be skewed');
  return extended;
};

/**
 * The rare path of a provider's clock that is ahead: the message is stored first, with the window that it is about to
 * leave, and counts at the stored second (R3).
 */
const storeFirst = async (table: Table, arrival: Arrival, known?: SessionItem): Promise<InboundRecorded> => {
  const { message, customer, now, key } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  const at = countedAt(message.providerAtMs, now);
  const until = epochSeconds(new Date(message.providerAtMs));
  const session = skewed ? await markClockSkew(table, { channel: message.channel, customer, until, now }) : known;
  const facts = { countedAt: skewed ? at : undefined, window: windowAfter(session, at, now) };
  const stored = await putMessageOfKnown(
    table,
    { channel: message.channel, customer },
    { ...key, ...toItem(arrival, facts) },
  );
  if (stored === 'erased') return { isNew: false, window: 'erased', skewed };
  const { kind } = await countStored(table, arrival, { at: stored.countedAt ?? at, isKnown: skewed });
  return { isNew: stored.isNew, window: kind, skewed };
};

/** The steady state: the window, then the message. */
const countFirst = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const at = countedAt(arrival.message.providerAtMs, arrival.now);
  const extended = await extend(table, arrival, { at, stored: false });
  if (extended.kind === 'store_first') return storeFirst(table, arrival, extended.session);
  if (extended.kind === 'erased') return { isNew: false, window: 'erased', skewed: false };
  const stored = await put(table, arrival, { window: extended.window });
  if (stored === 'erased') return { isNew: false, window: 'erased', skewed: false };
  return { isNew: stored.isNew, window: extended.kind, skewed: false };
};

/** Counts a keyword at the second at which its change of consent counts. */
const countKeyword = (table: Table, arrival: Arrival, { kind, effectiveAt }: ConsentRecorded) => {
  if (kind === 'erased') return { kind } as const;
  if (!arrival.message.opens) return { kind: 'does_not_open', window: undefined } as const;
  return countStored(table, arrival, { at: effectiveAt, isKnown: true });
};

/**
 * A keyword changes the consent first, so that no send uses the window that it extends (R9). The history stores the second
 * at which it counts, so that no clock skew mark is needed (R3).
 */
const consentFirst = async (table: Table, arrival: Arrival, change: ConsentChange): Promise<InboundRecorded> => {
  const { message, customer, now } = arrival;
  const changed = await recordConsent(table, { channel: message.channel, customer, change, now });
  const { kind: consent, effectiveAt } = changed;
  const skewed = isSkewed(message.providerAtMs, now);
  const counted = await countKeyword(table, arrival, changed);
  if (counted.kind === 'erased') return { isNew: false, window: 'erased', skewed, consent };
  const facts = { countedAt: effectiveAt === change.effectiveAt ? undefined : effectiveAt, window: counted.window };
  const stored = await put(table, arrival, facts);
  if (stored === 'erased') return { isNew: false, window: 'erased', skewed, consent };
  return { isNew: stored.isNew, window: counted.kind, skewed, consent };
};

const storeOnly = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const { message, now, key } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  const facts = { countedAt: skewed ? countedAt(message.providerAtMs, now) : undefined };
  const { isNew } = await putMessage(table, key, toItem(arrival, facts));
  return { isNew, window: 'does_not_open', skewed };
};

/**
 * Records inbound messages. In the steady state that is two writes, no read and no transaction: first the window, then
 * the message, so that no consumer of the stream gets a message whose window is not open yet.
 */
export const createInboundStore = (table: Table) => ({
  /** Records one message; idempotent, in any order (R2). */
  recordInbound: (record: RecordInbound): Promise<InboundRecorded> => {
    const { message, now } = record;
    const customer = customerOf(message.identities);
    const { channel, providerAtMs: atMs, id } = message;
    const arrival = { ...record, customer, key: messageKey({ channel, customer, atMs, id }) };
    if (record.consent !== undefined) return consentFirst(table, arrival, record.consent);
    if (!message.opens) return storeOnly(table, arrival);
    return isSkewed(atMs, now) ? storeFirst(table, arrival) : countFirst(table, arrival);
  },
});
