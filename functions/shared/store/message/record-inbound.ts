import type { ConsentChange } from '../../domain/consent.ts';
import { type CustomerKey, customerOf } from '../../domain/customer.ts';
import type { InboundMessage } from '../../domain/inbound.ts';
import { countedAt, epochSeconds, isSkewed } from '../../domain/window.ts';
import { type ConsentRecorded, recordConsent } from '../customer/record-consent.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce } from '../dynamo/conditional-write.ts';
import { InboundItem } from '../items.ts';
import { type ItemKey, messageKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';
import { type ExtendOutcome, extendSession } from '../session/extend-session.ts';
import { markClockSkew } from '../session/mark-clock-skew.ts';
import type { QualifyingMessage } from '../session/window-update.ts';
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

interface Stored {
  readonly isNew: boolean;
  readonly countedAt: number | undefined;
}

const toItem = ({ message, retentionDays, now, requestId, position }: RecordInbound, counted: number | undefined) => ({
  direction: 'inbound',
  id: message.id,
  at: message.providerAtMs,
  receivedAt: now.getTime(),
  requestId,
  position,
  userId: message.identities.phone === undefined ? undefined : message.identities.userId,
  countedAt: counted,
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

/** Stores the message once; a redelivery returns the second of the first arrival. */
const putMessage = async (table: Table, key: ItemKey, item: object): Promise<Stored> => {
  const put = await putOnce(table, { ...key, ...item });
  if (put.ok) return { isNew: true, countedAt: undefined };
  return { isNew: false, countedAt: InboundItem.parse(put.item).countedAt };
};

interface Arrival extends RecordInbound {
  readonly customer: CustomerKey;
  readonly key: ItemKey;
}

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
    ...count,
  });

/** Counts a message whose second is stored and can no longer change. */
const countStored = async (table: Table, arrival: Arrival, count: Pick<QualifyingMessage, 'at' | 'isKnown'>) => {
  const { kind } = await extend(table, arrival, { ...count, stored: true });
  if (kind === 'store_first') throw new Error('a message whose second is stored cannot be skewed');
  return kind;
};

/** The rare path of a provider's clock that is ahead: the message is stored first and counts at the stored second (R3). */
const storeFirst = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const { message, customer, now, key } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  const at = countedAt(message.providerAtMs, now);
  if (skewed)
    await markClockSkew(table, {
      channel: message.channel,
      customer,
      until: epochSeconds(new Date(message.providerAtMs)),
    });
  const stored = await putMessage(table, key, toItem(arrival, skewed ? at : undefined));
  const window = await countStored(table, arrival, { at: stored.countedAt ?? at, isKnown: skewed });
  return { isNew: stored.isNew, window, skewed };
};

/** The steady state: the window, then the message. */
const countFirst = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const at = countedAt(arrival.message.providerAtMs, arrival.now);
  const window = await extend(table, arrival, { at, stored: false });
  if (window.kind === 'store_first') return storeFirst(table, arrival);
  if (window.kind === 'erased') return { isNew: false, window: 'erased', skewed: false };
  const { isNew } = await putMessage(table, arrival.key, toItem(arrival, undefined));
  return { isNew, window: window.kind, skewed: false };
};

/**
 * A keyword changes the consent first, so that no send uses the window that it extends (R9). The history stores the second
 * at which it counts, so that no clock skew mark is needed (R3).
 */
const consentFirst = async (table: Table, arrival: Arrival, change: ConsentChange): Promise<InboundRecorded> => {
  const { message, customer, now, key } = arrival;
  const { kind, effectiveAt } = await recordConsent(table, { channel: message.channel, customer, change, now });
  const skewed = isSkewed(message.providerAtMs, now);
  const window =
    message.opens && kind !== 'erased'
      ? await countStored(table, arrival, { at: effectiveAt, isKnown: true })
      : 'does_not_open';
  if (kind === 'erased' || window === 'erased') return { isNew: false, window: 'erased', skewed, consent: kind };
  const ranAhead = effectiveAt !== change.effectiveAt;
  const { isNew } = await putMessage(table, key, toItem(arrival, ranAhead ? effectiveAt : undefined));
  return { isNew, window, skewed, consent: kind };
};

const storeOnly = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const { message, now, key } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  const counted = skewed ? countedAt(message.providerAtMs, now) : undefined;
  const { isNew } = await putMessage(table, key, toItem(arrival, counted));
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
