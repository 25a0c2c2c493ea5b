import { parseReference } from '../../functions/shared/store/message/message-reference.ts';
import { CHANNELS, type Event, nameOfSend, type Written, writtenOf } from './history.ts';
import { rowsOf } from './invariants.ts';
import type { Accepted, World } from './world.ts';

type Row = ReturnType<typeof rowsOf>[number];

const DAY_MS = 86_400_000;
const MOST_SKEW_MS = 300_000;

type Message = Extract<Event, { kind: 'message' }>;
type Send = Extract<Event, { kind: 'send' }>;

/** What a caller was answered. */
export interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A message that a customer wrote, and what became of it. */
interface Inbound extends Written {
  /** The moments that count for it: its own time, or that of an arrival where it is ahead of it. */
  readonly countsAtMs: Set<number>;
  isTaken: boolean;
}

interface Outbound {
  /** When the service heard of it. */
  readonly atMs: Set<number>;
  /** The service has heard that it was delivered. */
  isKnown: boolean;
}

const monthsOf = (times: Iterable<number>): readonly string[] => [
  ...new Set([...times].map((atMs) => new Date(atMs).toISOString().slice(0, 7))),
];

/** A `sent` that comes after a failure proves nothing. */
const PROOFS: readonly string[] = ['delivered', 'read'];

/** The members of a scope in a month: those who count, and those of whom only the provider knows, or not in which month. */
interface Members {
  readonly certain: Set<string>;
  readonly possible: Set<string>;
}

/**
 * What customers, callers and providers know themselves of a history, from what they wrote and were answered: nothing here
 * is read from the service's table.
 */
export const createDiary = (now: () => Date) => {
  const inbound = new Map<string, Inbound>();
  const outbound = new Map<string, Outbound>();
  const sends = new Map<string, Send>();
  const erased = new Set<string>();
  const recycled = new Set<string>();
  const taken: (Accepted & { readonly sendId: string })[] = [];

  /** The name of a person at the time: the number, once a message came with both. */
  const canonicalNames = (channel: string): ReadonlyMap<string, string> =>
    new Map(
      [...inbound.values()].flatMap(({ channel: on, names: [first = '', second] }) =>
        on === channel && second !== undefined ? [[second, first] as const] : [],
      ),
    );

  const outboundOf = (id: string): Outbound => {
    const known = outbound.get(id) ?? { atMs: new Set<number>(), isKnown: false };
    outbound.set(id, known);
    return known;
  };

  /** Who wrote or was written to, by channel and month. */
  const members = (): ReadonlyMap<string, Members> => {
    const all = new Map<string, Members>();
    const add = (channel: string, name: string, months: readonly string[], isSure: boolean): void => {
      const canonical = canonicalNames(channel).get(name) ?? name;
      for (const scope of months.flatMap((month) => [`${channel} ${month}`, `* ${month}`])) {
        const known = all.get(scope) ?? { certain: new Set(), possible: new Set() };
        (isSure && months.length === 1 ? known.certain : known.possible).add(canonical);
        all.set(scope, known);
      }
    };
    for (const { channel, names, countsAtMs, isTaken } of inbound.values())
      add(channel, names[0] ?? '', monthsOf(countsAtMs), isTaken);
    for (const { sendId, atMs } of taken) {
      const [send, sent] = [sends.get(sendId), outboundOf(sendId)];
      if (send !== undefined)
        add(CHANNELS[send.channel] ?? '', nameOfSend(send), monthsOf([atMs, ...sent.atMs]), sent.isKnown);
    }
    return all;
  };

  return {
    /** A caller erases a customer. */
    erases: ({ channel, person }: Pick<Event, 'channel' | 'person'>): void => {
      erased.add(`${CHANNELS[channel]} ${person}`);
    },
    /** What has become of a person on a channel. */
    fateOf: (channel: string, person: number) => {
      const key = `${channel} ${person}`;
      return { isErased: erased.has(key), hasNewOwner: recycled.has(key) };
    },
    /** A customer's message reaches the service, perhaps not for the first time. */
    arrives: (event: Message): void => {
      if (event.by === 'new owner') recycled.add(`${CHANNELS[event.channel]} ${event.person}`);
      const written = writtenOf(event);
      const [key, atMs] = [`${written.channel} ${written.id}`, written.at * 1000];
      const known = inbound.get(key) ?? { ...written, countsAtMs: new Set<number>(), isTaken: false };
      known.countsAtMs.add(atMs > now().getTime() + MOST_SKEW_MS ? now().getTime() : atMs);
      inbound.set(key, known);
    },
    isTaken: (event: Message): void => {
      const { channel, id } = writtenOf(event);
      const known = inbound.get(`${channel} ${id}`);
      if (known !== undefined) known.isTaken = true;
    },
    /** A caller who sends is answered. */
    answered: (event: Send, { body }: Told): void => {
      if (typeof body['id'] === 'string') sends.set(body['id'], event);
    },
    /** The provider takes a message; a session message only from whom wrote within 24 hours. */
    accepts: (accepted: Accepted): readonly string[] => {
      const { id: sendId, customer } = parseReference(accepted.reference) ?? {};
      if (sendId === undefined || customer === undefined) return ['the provider got a message without a reference'];
      taken.push({ ...accepted, sendId });
      if (accepted.isTemplate) return [];
      const channel = CHANNELS[accepted.isSinch ? 1 : 0];
      const names = canonicalNames(channel);
      const name = customer.replace(/^\+/, '');
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
      if (PROOFS.includes(status)) sent.isKnown = true;
    },
    members,
    /** The messages that the service has taken. */
    taken: (): readonly Written[] => [...inbound.values()].filter(({ isTaken }) => isTaken),
  };
};

/** Each counter of a month says how many wrote or were written to (R14). */
const countFaults = (rows: readonly Row[], [scope, { certain, possible }]: readonly [string, Members]) => {
  const [channel, month] = scope.split(' ');
  const counters = rows.filter(({ pk, sk }) => sk === 'COUNT#MEMBERS' && pk.startsWith(`USAGE#${channel}#${month}#`));
  const counted = counters.reduce((total, { members }) => total + Number(members ?? 0), 0);
  const most = new Set([...certain, ...possible]).size;
  if (counted >= certain.size && counted <= most) return [];
  return [
    `R14: ${counted} customers of ${scope} are counted where ${certain.size} to ${most} wrote or were written to`,
  ];
};

/**
 * What customers, callers and providers know themselves, and the service says otherwise once it rests. Whom an erasure or a new owner
 * of a number makes another customer is not counted here.
 */
export const checkDiary = (world: World, diary: Diary, isCounted: boolean): readonly string[] => {
  const rows = rowsOf(world);
  const received = new Set(
    world.published().flatMap(({ detailType, detail }): readonly string[] => {
      if (detailType !== 'message.received') return [];
      const { channel, data } = JSON.parse(detail);
      return [`${channel} ${data.messageId}`];
    }),
  );
  const lost = diary.taken().filter(({ channel, id }) => !received.has(`${channel} ${id}`));
  return [
    ...lost.map(() => 'a message that was taken is lost'),
    ...(isCounted ? [...diary.members()] : []).flatMap((scope) => countFaults(rows, scope)),
  ];
};
export type Diary = ReturnType<typeof createDiary>;
