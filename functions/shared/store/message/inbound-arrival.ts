import type { ConsentChange } from '../../domain/consent.ts';
import type { CustomerKey } from '../../domain/customer.ts';
import type { InboundMessage } from '../../domain/inbound.ts';
import { epochSeconds, type WindowLeft } from '../../domain/window.ts';
import type { LinkOutcome } from '../customer/link-names.ts';
import type { Table } from '../dynamo/client.ts';
import type { ItemKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';
import type { Writer } from '../session/identify-writer.ts';
import type { QualifyingMessage } from '../session/window-update.ts';
import { type MessagePut, type Put, putMessageOfKnown, putMessageOfSession } from './put-inbound.ts';
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
  /** Called with the outcome of each link of names that the message brings. */
  readonly onLink?: ((outcome: LinkOutcome) => void) | undefined;
}

/** One message at its arrival. */
export interface Arrival extends RecordInbound {
  /** The name that the webhook gives: all that is stored of the message is stored under it. */
  readonly customer: CustomerKey;
  /** The user id beside a number. */
  readonly otherName: CustomerKey | undefined;
  readonly key: ItemKey;
}

/** What is stored beside the message itself. */
interface Facts {
  /** The second at which it counts, where that is not the provider's. */
  readonly countedAt?: number | undefined;
  readonly window?: WindowLeft | undefined;
  /** The canonical name of the customer. */
  readonly customer?: CustomerKey | undefined;
}

export const toItem = ({ message, customer, retentionDays, now, requestId, position }: Arrival, facts: Facts) => ({
  direction: 'inbound',
  id: message.id,
  at: message.providerAtMs,
  receivedAt: now.getTime(),
  requestId,
  position,
  userId: message.identities.phone === undefined ? undefined : message.identities.userId,
  customer: facts.customer === customer ? undefined : facts.customer,
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

/** What is put of the message with these facts. */
export const toPut = (arrival: Arrival, facts: Facts): Put => ({
  key: arrival.key,
  item: toItem(arrival, facts),
  window: facts.window,
});

/** Stores the message beside its session, which a mark shows as erased, or while its customer is stored (R16). */
export const putBeside = (table: Table, arrival: Arrival, facts: Facts): Promise<MessagePut | 'erased'> => {
  const { message, customer } = arrival;
  const put = toPut(arrival, facts);
  return put.window?.sessionId === undefined
    ? putMessageOfKnown(table, { channel: message.channel, customer }, put)
    : putMessageOfSession(table, put);
};

/** How a message counts. */
export type Count = Pick<QualifyingMessage, 'at' | 'stored' | 'isKnown' | 'isLinked'> & Writer;

export const toQualifying = (arrival: Arrival, count: Count): QualifyingMessage => {
  const { message, customer, otherName, now, closingLeadSeconds, newSessionId, onLink } = arrival;
  const { channel, entryPoint } = message;
  const [name, username] = [storedText(message.profileName), storedText(message.username)];
  const profile = name === undefined && username === undefined ? undefined : { name, username };
  const isStandby = message.threadOwner === 'meta_agent';
  const of = { channel, customer, given: customer, otherName, entryPoint, isStandby, profile };
  return { ...of, now, closingLeadSeconds, newSessionId, onLink, ...count };
};
