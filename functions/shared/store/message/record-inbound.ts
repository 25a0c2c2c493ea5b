import * as z from 'zod';
import type { ConsentChange } from '../../domain/consent.ts';
import { type CustomerKey, customerOf } from '../../domain/customer.ts';
import type { InboundMessage } from '../../domain/inbound.ts';
import { ownName } from '../../domain/names.ts';
import { countedAt, epochSeconds, isSkewed, windowAfter } from '../../domain/window.ts';
import { canonicalNameOf } from '../customer/canonical-name.ts';
import { linkNames, releaseName } from '../customer/link-names.ts';
import { type ConsentRecorded, recordConsent } from '../customer/record-consent.ts';
import type { Table } from '../dynamo/client.ts';
import { deleteConditionally } from '../dynamo/conditional-write.ts';
import { ITEM_EXISTS } from '../dynamo/conditions.ts';
import type { SessionItem } from '../items.ts';
import { messageKey } from '../keys.ts';
import { type ExtendOutcome, extendSession } from '../session/extend-session.ts';
import { identifyWriter, type Writer } from '../session/identify-writer.ts';
import { markClockSkew } from '../session/mark-clock-skew.ts';
import {
  type Arrival,
  type Count,
  putBeside,
  type RecordInbound,
  toItem,
  toPut,
  toQualifying,
} from './inbound-arrival.ts';
import { putMessage, putMessageOfKnown } from './put-inbound.ts';

export interface InboundRecorded {
  /** False when the message had been recorded before, or was erased with its customer (`window: 'erased'`). */
  readonly isNew: boolean;
  readonly window: Exclude<ExtendOutcome['kind'], 'store_first'> | 'does_not_open';
  /** True when the provider's timestamp is too far in the future to be trusted (R3). */
  readonly skewed: boolean;
  /** The outcome of the change of consent that the message is. */
  readonly consent?: ConsentRecorded['kind'] | undefined;
}

const extend = (table: Table, arrival: Arrival, count: Count) => extendSession(table, toQualifying(arrival, count));

/** Counts a message whose second is stored and can no longer change. */
const countStored = async (table: Table, arrival: Arrival, count: Omit<Count, 'stored'>) => {
  const extended = await extend(table, arrival, { ...count, stored: true });
  if (extended.kind === 'store_first') throw new Error('a message whose second is stored cannot be skewed');
  return extended;
};

/** A session that does not know a name of the message may be that of the number's owner before. */
const isOfWriter = ({ names }: SessionItem, otherName: CustomerKey | undefined): boolean =>
  otherName === undefined || names?.has(otherName) === true;

/**
 * The rare path of a provider's clock that is ahead: the message is stored first, with the window that it is about to
 * leave, and counts at the stored second (R3).
 */
const storeFirst = async (table: Table, arrival: Arrival, known?: SessionItem): Promise<InboundRecorded> => {
  const { message, customer, otherName, now, key } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  const at = countedAt(message.providerAtMs, now);
  const until = epochSeconds(new Date(message.providerAtMs));
  const met = skewed ? await markClockSkew(table, { channel: message.channel, customer, until, now }) : known;
  const session = met !== undefined && isOfWriter(met, otherName) ? met : undefined;
  const facts = { countedAt: skewed ? at : undefined, window: windowAfter(session, at, now) };
  const of = { channel: message.channel, customer };
  const stored = await putMessageOfKnown(table, of, toPut(arrival, facts));
  if (stored === 'erased') return { isNew: false, window: 'erased', skewed };
  const { kind } = await countStored(table, arrival, { at: stored.countedAt ?? at, isKnown: skewed });
  // No session was extended with which the stream could compare the message: it goes with its customer here.
  if (kind === 'erased') await deleteConditionally(table, key, ITEM_EXISTS);
  return { isNew: stored.isNew && kind !== 'erased', window: kind, skewed };
};

/** The steady state: the window, then the message. */
const countFirst = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const at = countedAt(arrival.message.providerAtMs, arrival.now);
  const extended = await extend(table, arrival, { at, stored: false });
  if (extended.kind === 'store_first') return storeFirst(table, arrival, extended.session);
  if (extended.kind === 'erased') return { isNew: false, window: 'erased', skewed: false };
  const stored = await putBeside(table, arrival, extended);
  if (stored === 'erased') return { isNew: false, window: 'erased', skewed: false };
  return { isNew: stored.isNew, window: extended.kind, skewed: false };
};

/** Counts a keyword at the second at which its change of consent counts. */
const countKeyword = (
  table: Table,
  arrival: Arrival,
  { kind, effectiveAt, writer }: Pick<ConsentRecorded, 'kind' | 'effectiveAt'> & { readonly writer: Writer },
) => {
  if (kind === 'erased') return { kind } as const;
  if (!arrival.message.opens) return { kind: 'does_not_open', window: undefined, customer: undefined } as const;
  return countStored(table, arrival, { at: effectiveAt, isKnown: true, ...writer });
};

/**
 * A keyword changes the consent first, so that no send uses the window that it extends (R9). The history stores the second
 * at which it counts, so that no clock skew mark is needed (R3). The names of the message are linked before.
 */
const consentFirst = async (table: Table, arrival: Arrival, change: ConsentChange): Promise<InboundRecorded> => {
  const { message, customer, otherName: userId, now } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  const at = countedAt(message.providerAtMs, now);
  const writer = userId === undefined ? {} : await identifyWriter(table, toQualifying(arrival, { at, stored: true }));
  if (writer === 'erased') return { isNew: false, window: 'erased', skewed };
  const { channel } = message;
  const release = (name: CustomerKey, second: number) => releaseName(table, { channel, name, at: second, now });
  const of = { given: customer, customer: writer.customer ?? customer, userId, release };
  const changed = await recordConsent(table, { channel, ...of, change, now });
  const { kind: consent, effectiveAt } = changed;
  const counted = await countKeyword(table, arrival, { ...changed, writer });
  if (counted.kind === 'erased') return { isNew: false, window: 'erased', skewed, consent };
  const { window } = counted;
  const owner = counted.customer ?? changed.customer;
  const facts = { countedAt: effectiveAt === change.effectiveAt ? undefined : effectiveAt, window, customer: owner };
  const stored = await putBeside(table, arrival, facts);
  if (stored === 'erased') return { isNew: false, window: 'erased', skewed, consent };
  return { isNew: stored.isNew, window: counted.kind, skewed, consent };
};

/** What opens no session meets no session that would miss a name, so its names are linked first. */
const linkFirst = async (table: Table, { message, customer, otherName, now, onLink }: Arrival): Promise<void> => {
  if (otherName === undefined) return;
  const { channel, providerAtMs } = message;
  const names = [ownName(customer), ownName(otherName)];
  const link = { channel, names, at: countedAt(providerAtMs, now), learnedFrom: 'message' } as const;
  const linked = await linkNames(table, { link, now });
  if (linked.kind !== 'known') onLink?.(linked);
};

const storeOnly = async (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  await linkFirst(table, arrival);
  const { message, now, key } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  // A number is seldom another name; a user id often is.
  const isName = message.identities.phone === undefined;
  const customer = isName ? await canonicalNameOf(table, message.channel, arrival.customer) : undefined;
  const facts = { customer, countedAt: skewed ? countedAt(message.providerAtMs, now) : undefined };
  const { isNew } = await putMessage(table, key, toItem(arrival, facts));
  return { isNew, window: 'does_not_open', skewed };
};

/** An item of the customer cannot be read: the message is not lost, and comes again (R15). */
const storeUnread = async (table: Table, arrival: Arrival): Promise<void> => {
  const { message, customer, now } = arrival;
  const skewed = isSkewed(message.providerAtMs, now);
  const facts = { countedAt: skewed ? countedAt(message.providerAtMs, now) : undefined };
  await putMessageOfKnown(table, { channel: message.channel, customer }, toPut(arrival, facts));
};

const recordByKind = (table: Table, arrival: Arrival): Promise<InboundRecorded> => {
  const { message, consent, now } = arrival;
  if (consent !== undefined) return consentFirst(table, arrival, consent);
  if (!message.opens) return storeOnly(table, arrival);
  return isSkewed(message.providerAtMs, now) ? storeFirst(table, arrival) : countFirst(table, arrival);
};

/** The number that a customer without one shared when asked for it. */
const sharedLink = ({ identities, sharedPhone, providerAtMs }: InboundMessage): InboundMessage['link'] => {
  if (sharedPhone === undefined || identities.phone !== undefined) return undefined;
  const names = [ownName(sharedPhone), ownName(identities.userId)];
  return { names, at: Math.floor(providerAtMs / 1000), learnedFrom: 'contact_card' };
};

/** Links the names that the message itself reports, while it is stored (R16). */
const linkReported = async (table: Table, { message, key, now, onLink }: Arrival): Promise<void> => {
  const reported = message.link ?? sharedLink(message);
  if (reported === undefined) return;
  const link = { channel: message.channel, ...reported };
  const linked = await linkNames(table, { link, now, message: key });
  if (linked.kind !== 'known') onLink?.(linked);
};

/**
 * Records inbound messages. In the steady state that is two writes, no read and no transaction: first the window, then
 * the message, so that no consumer of the stream gets a message whose window is not open yet.
 */
export const createInboundStore = (table: Table) => ({
  /**
   * Records one message; idempotent, in any order (R2).
   * @throws where an item of the customer cannot be read: the message is stored, and opens its window when it is delivered
   * again after the repair
   */
  recordInbound: async (record: RecordInbound): Promise<InboundRecorded> => {
    const { message } = record;
    const customer = customerOf(message.identities);
    const { channel, providerAtMs: atMs, id } = message;
    const otherName = message.identities.phone === undefined ? undefined : message.identities.userId;
    const arrival = { ...record, customer, otherName, key: messageKey({ channel, customer, atMs, id }) };
    try {
      const recorded = await recordByKind(table, arrival);
      await linkReported(table, arrival);
      return recorded;
    } catch (fault) {
      if (fault instanceof z.ZodError) await storeUnread(table, arrival);
      throw fault;
    }
  },
});
