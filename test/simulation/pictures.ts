import * as z from 'zod';
import { type Consumer, createConsumer, type Delivered } from './consumer.ts';
import type { Diary } from './diary.ts';
import { CHANNELS, namesOf, PEOPLE } from './history.ts';
import type { Answered, Containers } from './service.ts';
import type { World } from './world.ts';

/** What the API shows of a customer, as far as a consumer of the events knows it. */
const Customer = z.object({
  customer: z.string(),
  consent: z.object({ state: z.string(), updatedAt: z.string().nullable() }),
  session: z.object({ state: z.enum(['open', 'closed']), expiresAt: z.string().nullable() }),
});
type Customer = z.infer<typeof Customer>;

const Thread = z.object({
  messages: z.array(
    z.object({ id: z.string(), direction: z.string(), status: z.string(), content: z.looseObject({}) }),
  ),
});
type Shown = z.infer<typeof Thread>['messages'][number];

/** A name of a person on a channel, and what has become of the person there. */
interface Place {
  readonly channel: string;
  readonly name: string;
  readonly isErased: boolean;
  readonly hasNewOwner: boolean;
  readonly now: Date;
}

/** As they were published, and the last first and all of them again. */
const ORDERS: readonly ((events: readonly Delivered[]) => readonly Delivered[])[] = [
  (events) => events,
  (events) => [...events.toReversed(), ...events],
];

const consumerOf = (events: readonly Delivered[]): Consumer => {
  const consumer = createConsumer();
  for (const event of events) consumer.take(event);
  return consumer;
};

const differ = (what: string, known: unknown, shown: unknown): readonly string[] =>
  known === shown ? [] : [`events: ${what} is ${String(known)} by the events and ${String(shown)} by the API`];

/** No event says that the names of an erased customer lead nowhere any more. */
const nameFaults = (consumer: Consumer, { channel, name, isErased }: Place, { customer }: Customer) => {
  const known = consumer.customersOf(channel, name);
  if (known.includes(customer) || (isErased && customer === name)) return [];
  return differ('whom a name leads to', known[0], customer);
};

/** Two clocks say of the same seconds to whom a name leads, where a number gets another owner at once. */
const isUnclear = (consumer: Consumer, channel: string, names: readonly string[]): boolean =>
  names.some((name) => consumer.customersOf(channel, name).length > 1);

/** An erased customer who comes back is another one, and may have none of the names before. */
const windowFaults = (consumer: Consumer, { channel, isErased, now }: Place, { customer, session }: Customer) => {
  const shown = session.state === 'open' ? Date.parse(session.expiresAt ?? '') : undefined;
  const alone = consumer.windowOf(channel, customer, { now, isAlone: true });
  // A message that the erasure met opened no session, or extends the new one when it is delivered again, without an event.
  if (isErased && (shown === undefined || alone !== undefined)) return [];
  return differ('the end of a window', consumer.windowOf(channel, customer, { now, isAlone: false }), shown);
};

/** No event says that the consent of an erased customer is not known any more, and what comes late may be older than it was. */
const consentFaults = (consumer: Consumer, { channel, isErased }: Place, { customer, consent }: Customer) => {
  const known = consumer.consentOf(channel, customer);
  const updatedAtMs = consent.updatedAt === null ? undefined : Date.parse(consent.updatedAt);
  const isForgotten = known !== undefined && updatedAtMs !== undefined && known.atMs > updatedAtMs;
  if (isErased && (consent.state === 'unknown' || isForgotten)) return [];
  return [
    ...differ('a consent', known?.state ?? 'unknown', consent.state),
    ...differ('when a consent took effect', known?.atMs, updatedAtMs),
  ];
};

const messageFaults = (consumer: Consumer, { channel }: Place, { id, direction, status, content }: Shown) =>
  direction === 'inbound'
    ? differ('a message', JSON.stringify(consumer.contentOf(channel, id)), JSON.stringify(content))
    : differ('a status', consumer.statusOf(id), status);

/** Of a number that got another owner no event says which of the two was erased. */
const isLost = ({ isErased, hasNewOwner }: Place): boolean => isErased && hasNewOwner;

const read = async <S extends z.ZodType>(schema: S, answer: Promise<Answered>): Promise<z.output<S>> =>
  schema.parse((await answer).body);

/**
 * What a consumer of the events knows, in whichever order they came, and the API shows otherwise once the stream has drained.
 */
export const checkPictures = async (world: World, of: Containers, diary: Diary): Promise<readonly string[]> => {
  const consumers = ORDERS.map((order) => consumerOf(order(world.published())));
  const faults: string[] = [];
  for (const channel of CHANNELS)
    for (const person of PEOPLE.keys()) {
      const names = namesOf(channel, person);
      for (const name of names) {
        const place = { channel, name, ...diary.fateOf(channel, person), now: world.now() };
        const customer = await read(Customer, of.showCustomer(channel, name));
        const { messages } = await read(Thread, of.showThread(channel, name));
        for (const consumer of consumers)
          faults.push(
            ...nameFaults(consumer, place, customer),
            ...(isLost(place) || isUnclear(consumer, channel, names) ? [] : windowFaults(consumer, place, customer)),
            ...(isLost(place) ? [] : consentFaults(consumer, place, customer)),
            ...messages.flatMap((message) => messageFaults(consumer, place, message)),
          );
      }
    }
  return [...new Set(faults)];
};

/** Once every session has ended, a consumer knows that. */
export const checkEnds = (world: World): readonly string[] =>
  ORDERS.flatMap((order) => consumerOf(order(world.published())).openSessions()).map(
    () => 'events: a session has ended, and no event says so',
  );
