import { rankOf, type Status, type Told } from './consumer.ts';
import type { World } from './world.ts';

/** What the events of all types may carry. */
export interface Data extends Status {
  readonly messageId?: string;
  readonly window?: object;
  readonly providerMessageId?: string;
  readonly error?: object;
  readonly lastInboundAt?: string;
  readonly expiresAt?: string;
  readonly reason?: 'expired' | 'provider' | 'erased' | 'merged';
  readonly mergedInto?: string;
  readonly name?: string;
  readonly names?: readonly string[];
}

/** An event as it was published. */
export interface Published extends Told<Data> {
  readonly type: string;
}

/** Each event where it was published first. */
export const firstOnes = (world: World): readonly Published[] => {
  const seen = new Map<string, Published>();
  for (const { id, detailType, detail } of world.published())
    if (!seen.has(id)) seen.set(id, { type: detailType, ...JSON.parse(detail) });
  return [...seen.values()];
};

/** A status follows one of a lower rank; after a failure that released its key, the message begins anew. */
const statusFaults = (statuses: readonly Published[]): readonly string[] =>
  statuses.flatMap(({ data }, index) => {
    const before = statuses[index - 1]?.data;
    const isNext = before === undefined || rankOf(data) > rankOf(before) || before.released === true;
    return isNext ? [] : [`events: ${data.status} of a message follows ${before.status}`];
  });

const endsOf = (events: readonly Published[]): readonly number[] =>
  events.flatMap(({ type, data }) => (type === 'session.closing' ? [Date.parse(data.expiresAt ?? '')] : []));

/** A session is opened, then its ends are announced, then it is closed. */
const sessionFaults = (events: readonly Published[]): readonly string[] => {
  const opened = events.findIndex(({ type }) => type === 'session.opened');
  const closed = events.findIndex(({ type }) => type === 'session.closed');
  const ends = endsOf(events);
  return [
    ...(opened > 0 ? ['events: a session is opened after its end'] : []),
    ...(closed >= 0 && closed < events.length - 1 ? ['events: a session goes on after its end'] : []),
    ...(ends.every((end, index) => end > (ends[index - 1] ?? 0))
      ? []
      : ['events: an end is announced after a later one']),
  ];
};

/** A session that is told of under one name is over before the next one is opened there. */
const successionFaults = (events: readonly Published[]): readonly string[] => {
  const sessions = events.filter(({ type }) => type === 'session.opened' || type === 'session.closed');
  const isWhole = (id: string | undefined): boolean =>
    sessions.filter(({ sessionId }) => sessionId === id).length === 2;
  const whole = sessions.filter(({ sessionId }) => isWhole(sessionId));
  return whole.flatMap(({ sessionId }, index) =>
    index % 2 === 1 && whole[index - 1]?.sessionId !== sessionId
      ? ['events: a session is opened before the one before is closed']
      : [],
  );
};

/** The names that belonged to two people, one after the other, whose sessions may be open at the same time. */
const namesOfTwo = (events: readonly Published[]): ReadonlySet<string> => {
  const owners = new Map<string, Set<string>>();
  for (const { channel, data } of events)
    for (const name of data.names ?? [])
      for (const owner of (data.names ?? []).filter((one) => one !== name)) {
        const key = `${channel} ${name}`;
        owners.set(key, (owners.get(key) ?? new Set()).add(owner));
      }
  return new Set([...owners].flatMap(([name, { size }]) => (size > 1 ? [name] : [])));
};

/** A session is opened once, each of its ends announced once, and closed once it is not live; one that is merged is not announced. */
const wholeFaults = (events: readonly Published[], isLive: boolean): readonly string[] => {
  const countOf = (name: string) => events.filter(({ type }) => type === name).length;
  const [opened, closed, ends] = [countOf('session.opened'), countOf('session.closed'), endsOf(events)];
  const isAnnounced = ({ type, data }: Published): boolean =>
    type !== 'session.closed' || data.reason === 'merged' || ends.includes(Date.parse(data.expiresAt ?? ''));
  return [
    ...(opened === 1 ? [] : [`a session is opened ${opened} times`]),
    ...(closed === (isLive ? 0 : 1) ? [] : [`a session that is ${isLive ? 'live' : 'over'} is closed ${closed} times`]),
    ...(new Set(ends).size === ends.length ? [] : ['events: an end is announced twice']),
    ...(events.every(isAnnounced) ? [] : ['events: a session is closed whose end was not announced']),
  ];
};

/**
 * Once the stream has drained: in the order in which they were published first, the events of one item never go back, and
 * each session that is not live any more was told of as a whole.
 */
export const checkEvents = (world: World, live: readonly string[]): readonly string[] => {
  const events = firstOnes(world);
  const by = (all: readonly Published[], key: (event: Published) => string) => [...Map.groupBy(all, key).values()];
  const statuses = events.filter(({ type }) => type === 'message.status');
  const sessions = events.filter(({ type }) => /^session\.(?:opened|closing|closed)$/.test(type));
  const shared = namesOfTwo(events.filter(({ type }) => type === 'customer.identified'));
  const isOfOne = ([first]: readonly Published[]): boolean => !shared.has(`${first?.channel} ${first?.customer}`);
  const ofCustomers = by(sessions, ({ channel, customer }) => `${channel} ${customer}`);
  return [
    ...by(sessions, ({ sessionId }) => sessionId ?? '').flatMap((some) =>
      wholeFaults(some, live.includes(some[0]?.sessionId ?? '')),
    ),
    ...by(statuses, ({ data }) => data.messageId ?? '').flatMap(statusFaults),
    ...ofCustomers.flatMap((some) => by(some, ({ sessionId }) => sessionId ?? '').flatMap(sessionFaults)),
    ...ofCustomers.filter(isOfOne).flatMap(successionFaults),
  ];
};
