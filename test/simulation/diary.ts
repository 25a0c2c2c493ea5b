import { parseReference } from '../../functions/shared/store/message/message-reference.ts';
import { type Attempt, createMoments } from './attempts.ts';
import { CHANNELS, type Event, nameOfSend, PEOPLE, type Written, writtenOf } from './history.ts';
import { rowsOf } from './invariants.ts';
import { type Activity, type Bounds, boundsOf, type Erasure, meets, type Span } from './members.ts';
import type { Accepted, World } from './world.ts';

type Row = ReturnType<typeof rowsOf>[number];

const DAY_MS = 86_400_000;
const MOST_SKEW_MS = 300_000;

type Message = Extract<Event, { kind: 'message' }>;
type Send = Extract<Event, { kind: 'send' }>;
type Erase = Pick<Event, 'channel' | 'person'>;

const isSameSend = (one: Send, other: Send): boolean =>
  one.channel === other.channel && one.person === other.person && one.key === other.key;

/** What a caller was answered. */
export interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A message that a customer wrote, and what became of it. */
interface Inbound extends Written {
  /** The moments that count for it: its own time, or that of an arrival where it is ahead of it. */
  readonly countsAtMs: Set<number>;
}

interface Outbound {
  /** When the service heard of it. */
  readonly atMs: Set<number>;
  /** The moment by which the service had heard that it was delivered. */
  knownAt: number | undefined;
}

const monthsOf = (times: Iterable<number>): readonly string[] => [
  ...new Set([...times].map((atMs) => new Date(atMs).toISOString().slice(0, 7))),
];

const secondsOf = (times: Iterable<number>): readonly number[] => [
  ...new Set([...times].map((atMs) => Math.floor(atMs / 1000))),
];

/** A `sent` that comes after a failure proves nothing. */
const PROOFS: readonly string[] = ['delivered', 'read'];

/**
 * What customers, callers and providers know themselves of a history, from what they wrote and were answered: nothing here
 * is read from the service's table.
 */
export const createDiary = (now: () => Date) => {
  const inbound = new Map<string, Inbound>();
  const outbound = new Map<string, Outbound>();
  const sends = new Map<string, Send>();
  const { next, createAttempts } = createMoments();
  const deliveries = createAttempts<Message>();
  const calls = createAttempts<Send>();
  const erases = createAttempts<Erase>();
  const recycled = new Set<string>();
  const taken: (Accepted & { readonly sendId: string; readonly decidedAtMs: number; readonly storedUnder: string })[] =
    [];

  /** The name of a person at the time: the number, once a message came with both. */
  const canonicalNames = (channel: string): ReadonlyMap<string, string> =>
    new Map(
      [...inbound.values()].flatMap(({ channel: on, names: [first = '', second] }) =>
        on === channel && second !== undefined ? [[second, first] as const] : [],
      ),
    );

  const outboundOf = (id: string): Outbound => {
    const known = outbound.get(id) ?? { atMs: new Set<number>(), knownAt: undefined };
    outbound.set(id, known);
    return known;
  };

  const placeOf = ({ channel, person }: Pick<Event, 'channel' | 'person'>) => ({
    channel: CHANNELS[channel] ?? CHANNELS[0],
    person,
  });

  const erasures = (): readonly Erasure[] =>
    erases.all().map(({ event, start, end: until, isAnswered }) => ({
      ...placeOf(event),
      start,
      end: until,
      isDone: isAnswered,
    }));

  const isMet = (one: Pick<Activity, 'channel' | 'person'> & Span): boolean =>
    erasures().some(
      (erasure) => erasure.channel === one.channel && erasure.person === one.person && meets(erasure, one),
    );

  const isSure = ({ event, start, end: until, isAnswered }: Attempt<Message>): boolean =>
    isAnswered && !isMet({ ...placeOf(event), start, end: until });

  /** What made customers active, and what erased them. */
  const activities = (): readonly Activity[] => {
    const written = deliveries.all().map((delivery): Activity => {
      const { event, start, end: until } = delivery;
      const { channel, id, names, at } = writtenOf(event);
      const countsAtMs = inbound.get(`${channel} ${id}`)?.countsAtMs ?? [];
      return {
        ...placeOf(event),
        names,
        months: monthsOf(countsAtMs),
        seconds: secondsOf([at * 1000, ...countsAtMs]),
        start,
        end: until,
        isSure: isSure(delivery),
      };
    });
    const sent = taken.flatMap(({ sendId, decidedAtMs, storedUnder, atMs }): readonly Activity[] => {
      const [event, { atMs: toldAtMs, knownAt }] = [sends.get(sendId), outboundOf(sendId)];
      if (event === undefined) return [];
      const start = calls.all().find((call) => isSameSend(call.event, event))?.start ?? 0;
      const [months, seconds] = [monthsOf([atMs, ...toldAtMs]), secondsOf([decidedAtMs])];
      const activity = { ...placeOf(event), names: [nameOfSend(event)], storedUnder, months, seconds, start };
      const isKnown = knownAt !== undefined && !isMet({ ...activity, end: knownAt });
      const until = isKnown ? knownAt : Number.POSITIVE_INFINITY;
      return [{ ...activity, end: until, isSure: isKnown }];
    });
    return [...written, ...sent];
  };

  /** How many of each month wrote or were written to, by the channel and its month. */
  const members = (): ReadonlyMap<string, Bounds> => {
    const [active, erased] = [activities(), erasures()];
    const months = new Set(active.flatMap((one) => one.months));
    const scopes = ['*', ...CHANNELS].flatMap((channel) => [...months].map((month) => ({ channel, month })));
    return new Map(
      scopes.map(({ channel, month }) => {
        const isIn = (one: Activity | Erasure): boolean => channel === '*' || one.channel === channel;
        const bounds = [...PEOPLE.keys()].map((person) => {
          const isOf = (one: Activity | Erasure): boolean => one.person === person && isIn(one);
          return boundsOf({ activities: active.filter(isOf), erasures: erased.filter(isOf) }, month);
        });
        const sumOf = (which: keyof Bounds) => bounds.reduce((sum, one) => sum + one[which], 0);
        return [`${channel} ${month}`, { least: sumOf('least'), most: sumOf('most') }];
      }),
    );
  };

  return {
    /** A caller erases a customer, perhaps not for the first time. */
    erases: erases.begin,
    isErased: erases.end,
    /** A caller sends, perhaps not for the first time. */
    sends: calls.begin,
    /** What has become of a person on a channel. */
    fateOf: (channel: string, person: number) => {
      const isErased = erasures().some((one) => one.channel === channel && one.person === person);
      return { isErased, hasNewOwner: recycled.has(`${channel} ${person}`) };
    },
    /** A customer's message reaches the service, perhaps not for the first time. */
    arrives: (event: Message): void => {
      deliveries.begin(event);
      const written = writtenOf(event);
      if (event.by === 'new owner' && written.names.length > 1) recycled.add(`${written.channel} ${event.person}`);
      const [key, atMs] = [`${written.channel} ${written.id}`, written.at * 1000];
      const known = inbound.get(key) ?? { ...written, countsAtMs: new Set<number>() };
      known.countsAtMs.add(atMs > now().getTime() + MOST_SKEW_MS ? now().getTime() : atMs);
      inbound.set(key, known);
    },
    isTaken: deliveries.end,
    /** A caller who sends is answered. */
    answered: (event: Send, { body }: Told): void => {
      if (typeof body['id'] === 'string') sends.set(body['id'], event);
    },
    /** The provider takes a message; a session message only from whom wrote within 24 hours. */
    accepts: (accepted: Accepted): readonly string[] => {
      const reference = parseReference(accepted.reference);
      if (reference === undefined) return ['the provider got a message without a reference'];
      const { id: sendId, customer, atMs: decidedAtMs } = reference;
      const name = customer.replace(/^\+/, '');
      taken.push({ ...accepted, sendId, decidedAtMs, storedUnder: name });
      if (accepted.isTemplate) return [];
      const channel = CHANNELS[accepted.isSinch ? 1 : 0];
      const names = canonicalNames(channel);
      const person = names.get(name) ?? name;
      const newest = [...inbound.values()].flatMap(({ channel: on, names: [first = ''], countsAtMs }) =>
        on === channel && (names.get(first) ?? first) === person ? [...countsAtMs] : [],
      );
      const isOpen = accepted.atMs < Math.max(0, ...newest) + DAY_MS;
      return isOpen ? [] : ['R7: the provider took a session message of whom had not written for 24 hours'];
    },
    /** The provider has told the service of a message that it took. */
    reported: ({ reference }: Accepted, { status, atMs }: { readonly status: string; readonly atMs: number }): void => {
      const { id } = parseReference(reference) ?? {};
      if (id === undefined) return;
      const sent = outboundOf(id);
      sent.atMs.add(atMs);
      if (PROOFS.includes(status)) sent.knownAt ??= next();
    },
    members,
    /** The messages that the service has taken, but for those that an erasure met. */
    taken: (): readonly Written[] =>
      deliveries.all().flatMap(({ event, ...span }) => (isSure({ event, ...span }) ? [writtenOf(event)] : [])),
  };
};

/** Each counter of a month says how many wrote or were written to (R14). */
const countFaults = (rows: readonly Row[], [scope, { least, most }]: readonly [string, Bounds]) => {
  const [channel, month] = scope.split(' ');
  const counters = rows.filter(({ pk, sk }) => sk === 'COUNT#MEMBERS' && pk.startsWith(`USAGE#${channel}#${month}#`));
  const counted = counters.reduce((total, { members }) => total + Number(members ?? 0), 0);
  if (counted >= least && counted <= most) return [];
  return [`R14: ${counted} customers of ${scope} are counted where ${least} to ${most} wrote or were written to`];
};

/** What customers, callers and providers know themselves, and the service says otherwise once it rests. */
export const checkDiary = (world: World, diary: Diary): readonly string[] => {
  const rows = rowsOf(world);
  const received = new Set(
    world.published().flatMap(({ detailType, detail }): readonly string[] => {
      if (detailType !== 'message.received') return [];
      const { channel, data } = JSON.parse(detail);
      return [`${channel} ${data.messageId}`];
    }),
  );
  // A message that an erasure meets may be erased before it is stored.
  const lost = diary.taken().filter(({ channel, id }) => !received.has(`${channel} ${id}`));
  return [
    ...lost.map(() => 'a message that was taken is lost'),
    ...[...diary.members()].flatMap((scope) => countFaults(rows, scope)),
  ];
};
export type Diary = ReturnType<typeof createDiary>;
