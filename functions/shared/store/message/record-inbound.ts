import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ConsentChange } from '../../domain/consent.ts';
import { type CustomerKey, customerOf } from '../../domain/customer.ts';
import type { InboundMessage } from '../../domain/inbound.ts';
import { countedAt, epochSeconds, isSkewed } from '../../domain/window.ts';
import { type ConsentRecorded, recordConsent } from '../customer/record-consent.ts';
import type { Table } from '../dynamo/client.ts';
import { RETURN_OLD_ITEM, writeConditionally } from '../dynamo/conditional-write.ts';
import { InboundItem } from '../items.ts';
import { type ItemKey, messageKey } from '../keys.ts';
import { type ExtendOutcome, extendSession, type QualifyingMessage } from '../session/extend-session.ts';
import { markClockSkew } from '../session/mark-clock-skew.ts';
import { storedContent, storedReferral, storedText } from './stored-json.ts';

export interface RecordInbound {
  readonly message: InboundMessage;
  readonly retentionDays: number;
  /** How long before its end the channel announces a session's closing. */
  readonly closingLeadSeconds: number;
  readonly now: Date;
  readonly newSessionId: () => string;
  /** Of the webhook that brought it, as logs name it. */
  readonly requestId?: string | undefined;
  /** The change of consent that the message is, when it is a keyword (R9). */
  readonly consent?: ConsentChange | undefined;
}

export interface InboundRecorded {
  /** False when the message had been recorded before. */
  readonly isNew: boolean;
  readonly window: Exclude<ExtendOutcome['kind'], 'store_first'> | 'does_not_open';
  /** True when the provider's time lay too far ahead to be believed (R3). */
  readonly skewed: boolean;
  /** What became of the change of consent that came with it. */
  readonly consent?: ConsentRecorded['kind'] | undefined;
}

interface Stored {
  readonly isNew: boolean;
  readonly countedAt: number | undefined;
}

const toItem = ({ message, retentionDays, now, requestId }: RecordInbound, counted: number | undefined) => ({
  direction: 'inbound',
  id: message.id,
  at: message.providerAtMs,
  receivedAt: now.getTime(),
  requestId,
  userId: message.identities.phone === undefined ? undefined : message.identities.userId,
  countedAt: counted,
  content: storedContent(message.content),
  replyTo: storedText(message.replyTo),
  profileName: storedText(message.profileName),
  groupId: storedText(message.groupId),
  referral: storedReferral(message.referral),
  expiresAt: epochSeconds(now) + retentionDays * 86_400,
});

/** Stores the message once; a redelivery finds what the first arrival left. */
const putMessage = async ({ documents, tableName }: Table, key: ItemKey, item: object): Promise<Stored> => {
  const put = await writeConditionally(() =>
    documents.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...key, ...item },
        ConditionExpression: 'attribute_not_exists(pk)',
        ...RETURN_OLD_ITEM,
      }),
    ),
  );
  if (put.ok) return { isNew: true, countedAt: undefined };
  return { isNew: false, countedAt: InboundItem.parse(put.item).countedAt };
};

interface Arrival extends RecordInbound {
  readonly customer: CustomerKey;
  readonly key: ItemKey;
}

const restart = (
  table: Table,
  { message, customer, now, closingLeadSeconds, newSessionId }: Arrival,
  count: Pick<QualifyingMessage, 'at' | 'stored'>,
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

/** Counts a message whose second is on record and can no longer change. */
const countKnown = async (table: Table, arrival: Arrival, at: number) => {
  const { kind } = await restart(table, arrival, { at, stored: true });
  if (kind === 'store_first') throw new Error('a message of a known second was asked to be stored first');
  return kind;
};

/** The rare path of a clock that runs ahead: the message is stored first and counts as what was stored (R3). */
const storeFirst = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const { message, customer, now, key } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  const at = countedAt(message.providerAtMs, now);
  if (skewed)
    await markClockSkew(table, { channel: message.channel, customer, until: Math.floor(message.providerAtMs / 1000) });
  const stored = await putMessage(table, key, toItem(arrival, skewed ? at : undefined));
  const window = await countKnown(table, arrival, stored.countedAt ?? at);
  return { isNew: stored.isNew, window, skewed };
};

/** The steady state: the window, then the message. */
const countFirst = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const at = countedAt(arrival.message.providerAtMs, arrival.now);
  const window = await restart(table, arrival, { at, stored: false });
  if (window.kind === 'store_first') return storeFirst(table, arrival);
  const { isNew } = await putMessage(table, arrival.key, toItem(arrival, undefined));
  return { isNew, window: window.kind, skewed: false };
};

/**
 * A keyword changes the consent before anything else, so that no send slips through the window that it restarts (R9).
 * The history remembers the second at which it counts: nothing else has to when its clock runs ahead (R3).
 */
const consentFirst = async (table: Table, arrival: Arrival, change: ConsentChange): Promise<InboundRecorded> => {
  const { message, customer, now, key } = arrival;
  const { kind, effectiveAt } = await recordConsent(table, { channel: message.channel, customer, change, now });
  const window = message.opens ? await countKnown(table, arrival, effectiveAt) : 'does_not_open';
  const ranAhead = effectiveAt !== change.effectiveAt;
  const { isNew } = await putMessage(table, key, toItem(arrival, ranAhead ? effectiveAt : undefined));
  return { isNew, window, skewed: isSkewed(message.providerAtMs, now), consent: kind };
};

const storeOnly = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const { message, now, key } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  const counted = skewed ? countedAt(message.providerAtMs, now) : undefined;
  const { isNew } = await putMessage(table, key, toItem(arrival, counted));
  return { isNew, window: 'does_not_open', skewed };
};

/**
 * Records messages of customers. In the steady state that is two writes, no read and no transaction: first the window,
 * then the message, so that no consumer of the stream sees a message whose window is not open yet.
 */
export const createInboundStore = (table: Table) => ({
  /** Records one message of a customer; repeating it in any order changes nothing (R2). */
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
