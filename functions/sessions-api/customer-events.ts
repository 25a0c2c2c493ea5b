import * as z from 'zod';
import type { Channel } from '../shared/domain/config.ts';
import type { CustomerKey } from '../shared/domain/customer.ts';
import { toEnvelope } from '../shared/domain/delivery.ts';
import type { NamedCustomer } from '../shared/domain/name-view.ts';
import { changesOfCustomer, changesOfMessage } from '../shared/events/remake.ts';
import { toEntry } from '../shared/events/to-entry.ts';
import { toEvents } from '../shared/events/to-events.ts';
import type { Change } from '../shared/store/changes.ts';
import { timeOfPlace } from '../shared/store/message/thread-page.ts';
import type { StoreRuntime } from './store.ts';

const Detail = z.looseObject({ id: z.string(), occurredAt: z.string() });

/** The events of a change, as they were published. */
const publishedBy = ({ closingLeadSeconds }: Channel, changes: readonly Change[]) =>
  changes
    .flatMap((change) => toEvents(change, closingLeadSeconds))
    .map((event) => toEnvelope(event.type, Detail.parse(JSON.parse(toEntry(event).detail))));
export type CustomerEvent = ReturnType<typeof publishedBy>[number];

export interface EventsPage extends NamedCustomer {
  /** Newest first. */
  readonly events: readonly CustomerEvent[];
  readonly next: string | undefined;
}

interface EventsQuery {
  readonly channel: Channel;
  readonly customer: CustomerKey;
  /** Messages of a page. */
  readonly limit: number;
  readonly after: string | undefined;
}

const newestFirst = (one: CustomerEvent, other: CustomerEvent): number =>
  Date.parse(other.timestamp) - Date.parse(one.timestamp);

/**
 * Makes one page of a customer's events anew from what is stored, by the code that published them and with the same ids:
 * those of so many messages, and the others of the time between the end of the page before and the last of these messages.
 */
export const readEvents = async (
  { store }: StoreRuntime,
  { channel, customer, limit, after }: EventsQuery,
): Promise<EventsPage> => {
  const [thread, sessions] = await Promise.all([
    store.readStoredThread({ channel: channel.id, customer, limit, after }),
    store.readSessions(channel.id, customer),
  ]);
  const before = after === undefined ? Number.POSITIVE_INFINITY : timeOfPlace(after);
  const from = thread.next === undefined ? Number.NEGATIVE_INFINITY : timeOfPlace(thread.next);
  const isInPage = ({ timestamp }: CustomerEvent): boolean => {
    const at = Date.parse(timestamp);
    return at >= from && at < before;
  };
  const ofMessages = thread.stored.flatMap((stored) => publishedBy(channel, changesOfMessage(channel.id, stored)));
  const others = publishedBy(channel, changesOfCustomer(channel.id, sessions)).filter(isInPage);
  const distinct = new Map([...ofMessages, ...others].map((event) => [event.data.id, event]));
  const { customer: canonical, names } = sessions;
  return { customer: canonical, names, events: [...distinct.values()].toSorted(newestFirst), next: thread.next };
};
