import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { parseReference } from '../../functions/shared/store/message/message-reference.ts';
import { aChange, aMessage, aNotification, aStatus, aValue } from '../support/meta.ts';
import { anInbound, aReceipt } from '../support/sinch.ts';
import { aTemplateContent } from '../support/templates.ts';
import { type Actor, isDecided, isStored } from './actors.ts';
import type { Diary, Told } from './diary.ts';
import type { Answered, Containers } from './service.ts';
import type { Accepted } from './world.ts';

/** Noon of the first day, two days before the end of a month. */
export const START_SECONDS = Date.parse('2026-11-28T12:00:00.000Z') / 1000;
export const CHANNELS = ['support', 'support-sinch'] as const;
const HOUR = 3_600;

/** A customer's names at the providers. */
export interface Person {
  readonly number: CustomerKey;
  readonly userId: CustomerKey;
  /** The user id of whom the number belongs to some day. */
  readonly newOwner: CustomerKey;
}

export const PEOPLE: readonly Person[] = ['1', '2'].map((digit) => ({
  number: CustomerKey.parse(`+491511234567${digit}`),
  userId: CustomerKey.parse(`DE.400000000000000${digit}`),
  newOwner: CustomerKey.parse(`DE.500000000000000${digit}`),
}));

/** Something that happens, at a second after the start. */
export type Event = { readonly at: number; readonly channel: number; readonly person: number } & (
  | {
      readonly kind: 'message';
      readonly id: number;
      readonly by: 'number' | 'user id' | 'both' | 'new owner';
      readonly text: string;
      /** How long before its arrival it was written; negative where the provider's clock is ahead. */
      readonly delay: number;
    }
  | { readonly kind: 'send'; readonly key: number; readonly isTemplate: boolean; readonly by: 'number' | 'user id' }
  | {
      readonly kind: 'status';
      readonly status: 'sent' | 'delivered' | 'read' | 'failed' | 'closed';
      readonly back: number;
    }
  | { readonly kind: 'consent'; readonly state: 'opted_in' | 'opted_out' }
  | { readonly kind: 'sweep' | 'stream' | 'replay' | 'expire' | 'erase' }
);

type Random = () => number;
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const TEXTS = ['Hello', 'Hello', 'Hello', 'Hello', 'Hello', 'Hello', 'STOP', 'START'] as const;
/** Mostly at once; sometimes days late, or from a clock that is ahead. */
const delayOf = (random: Random): number =>
  pick(random, [1, 1, 1, 1, 1, 2, 30, 600, 23 * HOUR, 30 * HOUR, -60, -400, -4_000]);
const KINDS = [
  ...Array<'message'>(8).fill('message'),
  ...Array<'send'>(8).fill('send'),
  ...Array<'status'>(5).fill('status'),
  'consent',
  'consent',
  'sweep',
  'sweep',
  'stream',
  'stream',
  'replay',
  'expire',
] as const;

interface Place {
  readonly at: number;
  readonly index: number;
  readonly erases: boolean;
  /** Whether numbers get new owners. */
  readonly recycles: boolean;
}

const eventOf = (random: Random, { at, index, erases, recycles }: Place): Event => {
  const base = { at, channel: random() < 0.8 ? 0 : 1, person: Math.floor(random() * PEOPLE.length) };
  const kind = erases && random() < 0.03 ? 'erase' : pick(random, KINDS);
  switch (kind) {
    case 'message':
      return {
        ...base,
        kind,
        id: index,
        by: recycles && random() < 0.2 ? 'new owner' : pick(random, ['number', 'number', 'user id', 'both'] as const),
        text: pick(random, TEXTS),
        delay: delayOf(random),
      };
    case 'send':
      return {
        ...base,
        kind,
        key: index,
        isTemplate: random() < 0.5,
        by: random() < 0.8 ? 'number' : 'user id',
      };
    case 'status':
      return {
        ...base,
        kind,
        status: pick(random, ['sent', 'delivered', 'read', 'failed', 'closed'] as const),
        back: random() < 0.7 ? 0 : Math.floor(random() * 4),
      };
    case 'consent':
      return { ...base, kind, state: random() < 0.75 ? 'opted_in' : 'opted_out' };
    case 'sweep':
    case 'stream':
    case 'replay':
    case 'expire':
    case 'erase':
      return { ...base, kind };
  }
};

/** A caller sends under the same key again, or a provider delivers one of the last messages again. */
const repetitionOf = (random: Random, events: readonly Event[], at: number): Event | undefined => {
  const chance = random();
  if (chance < 0.05) {
    const last = events.findLast(({ kind }) => kind === 'send');
    return last && { ...last, at };
  }
  if (chance > 0.1) return undefined;
  const messages = events.slice(-6).filter((event) => event.kind === 'message');
  const again = messages.length === 0 ? undefined : pick(random, messages);
  return again && { ...again, at, delay: again.delay + at - again.at };
};

/** Now and then someone else acts on the same customer in the same second, or the provider closes the window soon. */
const meetingOf = (
  random: Random,
  event: Event,
  { index, erases }: Pick<Place, 'index' | 'erases'>,
): readonly Event[] => {
  const { at, channel, person } = event;
  if (event.kind === 'sweep' && random() < 0.5)
    return [{ at, channel, person, kind: 'message', id: index, by: 'number', text: 'Hello', delay: 30 * HOUR }];
  if (event.kind === 'send' && event.isTemplate && random() < 0.4) return [{ ...event, key: index }];
  if ((event.kind !== 'send' && event.kind !== 'message') || random() > 0.3) return [];
  const base = { at, channel, person };
  const write = (by: 'number' | 'both', text: string): Event => ({
    ...base,
    kind: 'message',
    id: index,
    by,
    text,
    delay: 1,
  });
  if (event.kind === 'message') return erases ? [{ ...base, kind: 'erase' }] : [];
  return pick(random, [
    [{ ...event, key: index }],
    [write('number', 'STOP')],
    [write('both', 'Hello')],
    [{ ...base, kind: 'consent', state: 'opted_out' }],
    [{ ...base, at: at + 2, kind: 'status', status: 'closed', back: 0 }],
  ] as const);
};

/** Days of several people, from a seed. */
export const historyOf = (random: Random): readonly Event[] => {
  const length = 12 + Math.floor(random() * 28);
  const erases = random() < 0.3;
  const recycles = random() < 0.15;
  const events: Event[] = [];
  for (let at = 0; events.length < length; ) {
    // Many things happen at once, some hours or a day later.
    at += pick(random, [0, 0, 0, 0, 1, 1, 1, 30, 300, 5 * HOUR, 25 * HOUR]);
    const event = repetitionOf(random, events, at) ?? eventOf(random, { at, index: events.length, erases, recycles });
    events.push(event, ...meetingOf(random, event, { index: events.length + 1, erases }));
    at = events.at(-1)?.at ?? at;
  }
  return events;
};

const SENDER = {
  number: ({ number }: Person) => ({ from: number.slice(1), from_user_id: undefined }),
  'user id': ({ userId }: Person) => ({ from: undefined, from_user_id: userId }),
  both: ({ number, userId }: Person) => ({ from: number.slice(1), from_user_id: userId }),
  'new owner': ({ number, newOwner }: Person) => ({ from: number.slice(1), from_user_id: newOwner }),
} as const;

const personOf = ({ person }: Pick<Event, 'person'>): Person => PEOPLE[person] as Person;
const channelOf = ({ channel }: Pick<Event, 'channel'>) => CHANNELS[channel] ?? CHANNELS[0];

/** Every name that a person has on a channel some day: Sinch knows numbers alone. */
export const namesOf = (channel: Written['channel'], person: number): readonly CustomerKey[] => {
  const { number, userId, newOwner } = personOf({ person });
  return channel === CHANNELS[0] ? [number, userId, newOwner] : [number];
};

/** Which person has a name. */
export const personOfName = (name: string): number =>
  PEOPLE.findIndex((person) => Object.values(person).some((one) => one === name));

/** A message that a customer writes. */
export interface Written {
  readonly channel: (typeof CHANNELS)[number];
  readonly id: string;
  /** The customer's number, whether it comes with the message or not. */
  readonly number: CustomerKey;
  /** The customer's names that come with it, as WhatsApp writes them. */
  readonly names: readonly string[];
  readonly text: string;
  /** In epoch seconds. */
  readonly at: number;
}

export const writtenOf = (event: Extract<Event, { kind: 'message' }>): Written => {
  const { number, userId, newOwner } = personOf(event);
  const isMeta = event.channel === 0;
  const names = {
    number: [number.slice(1)],
    'user id': [userId],
    both: [number.slice(1), userId],
    'new owner': [number.slice(1), newOwner],
  }[event.by];
  return {
    channel: channelOf(event),
    id: `${isMeta ? 'wamid.' : ''}${event.channel}.${event.person}.${event.id}`,
    number,
    names: isMeta ? names : [number.slice(1)],
    text: event.text,
    at: START_SECONDS + event.at - event.delay,
  };
};

const post = (of: Containers, value: object) => of.meta('shop-meta', aNotification(aChange(aValue({ ...value }))));

const identityOf = (number: string) => ({ channel: 'WHATSAPP', identity: number.slice(1), app_id: '' });

const writeMessage = (of: Containers, event: Extract<Event, { kind: 'message' }>) => {
  const { id, at, text } = writtenOf(event);
  const person = personOf(event);
  if (event.channel === 0) {
    const message = { ...SENDER[event.by](person), id, timestamp: String(at), text: { body: text } };
    return post(of, { messages: [aMessage(message)] });
  }
  const identity = identityOf(person.number);
  const time = new Date(at * 1000).toISOString();
  return of.sinch(
    'care-sinch',
    anInbound({ text_message: { text } }, { id, channel_identity: identity, accept_time: time }, { event_time: time }),
  );
};

const FAILURES: Readonly<Record<string, object>> = {
  failed: { status: 'failed', errors: [{ code: 131026, title: 'no' }] },
  closed: { status: 'failed', errors: [{ code: 131047, title: 'no' }] },
};

type Status = Extract<Event, { kind: 'status' }>['status'];

/** A status of a message, as of a moment. */
interface Report {
  readonly status: Status;
  readonly sent: Accepted;
  readonly at: Date;
}

const SINCH_STATUSES: Readonly<Record<Status, string>> = {
  sent: 'DELIVERED',
  delivered: 'DELIVERED',
  read: 'READ',
  failed: 'FAILED',
  closed: 'FAILED',
};

const reportStatus = (of: Containers, { status, sent: { id, reference, isSinch }, at }: Report) => {
  if (isSinch) {
    const receiver = identityOf(parseReference(reference)?.customer ?? '');
    const told = { message_id: id, status: SINCH_STATUSES[status], metadata: reference, reason: undefined };
    const report = { ...told, channel_identity: receiver };
    return of.sinch('care-sinch', aReceipt(report, { event_time: at.toISOString() }));
  }
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const told = { id, biz_opaque_callback_data: reference, recipient_id: undefined, timestamp, status };
  return post(of, { statuses: [aStatus({ ...told, ...FAILURES[status] })] });
};

/** The provider reports in the end that a message was delivered, as of when it took it. */
export const reportDelivery = (of: Containers, sent: Accepted): Promise<boolean> =>
  isStored(reportStatus(of, { status: 'delivered', sent, at: new Date(sent.atMs) }));

type Send = Extract<Event, { kind: 'send' }>;

const receiverOf = (event: Send): CustomerKey => {
  const { number, userId } = personOf(event);
  return event.by === 'number' || event.channel === 1 ? number : userId;
};

/** The name to which a message is sent, as WhatsApp writes it. */
export const nameOfSend = (event: Send): string => receiverOf(event).replace(/^\+/, '');

const sendOf = (of: Containers, event: Send) => {
  const to = receiverOf(event);
  const content = event.isTemplate ? aTemplateContent() : { type: 'text', text: 'It is on its way.' };
  return of.send({ channel: channelOf(event), to, content }, `key ${event.channel} ${event.person} ${event.key}`);
};

/** Who sees what an event makes of the service: what callers are answered, and what customers and providers know. */
export interface Witness
  extends Pick<Diary, 'arrives' | 'isTaken' | 'answered' | 'reported' | 'erases' | 'isErased' | 'sends'> {
  readonly tell: (answer: Told) => void;
  /** A status is about to be reported. */
  readonly reports: (sent: Accepted) => void;
}

type Run = Actor['run'];
const told = (witness: Witness, answer: Promise<Answered>): Promise<Answered> =>
  answer.then((given) => {
    witness.tell(given);
    return given;
  });

const messageRun =
  (event: Extract<Event, { kind: 'message' }>, witness: Witness): Run =>
  async (of) => {
    witness.arrives(event);
    const isAnswered = await isStored(told(witness, writeMessage(of, event)));
    if (isAnswered) witness.isTaken(event);
    return isAnswered;
  };

const sendRun =
  (event: Send, witness: Witness): Run =>
  (of) => {
    witness.sends(event);
    return isDecided(
      told(witness, sendOf(of, event)).then((answer) => {
        witness.answered(event, answer);
        return answer;
      }),
    );
  };

const eraseRun =
  (event: Event, witness: Witness): Run =>
  async (of) => {
    witness.erases(event);
    const isAnswered = await isStored(told(witness, of.erase(channelOf(event), personOf(event).number)));
    if (isAnswered) witness.isErased(event);
    return isAnswered;
  };

/** The provider delivers a report again as it was, whatever it has accepted since. */
const statusRun = (event: Extract<Event, { kind: 'status' }>, witness: Witness): Run => {
  let known: Report | undefined;
  return async (of, world) => {
    const sent = known?.sent ?? world.accepted().at(-1 - event.back);
    if (sent === undefined) return true;
    known ??= { status: event.status, sent, at: world.now() };
    witness.reports(sent);
    const isAnswered = await isStored(told(witness, reportStatus(of, known)));
    witness.reported(sent, { status: isAnswered ? event.status : 'unanswered', atMs: known.at.getTime() });
    return isAnswered;
  };
};

const consentOf = (of: Containers, event: Extract<Event, { kind: 'consent' }>) =>
  of.changeConsent(channelOf(event), personOf(event).number, { state: event.state, source: 'website', actor: 'test' });

const runOf = (event: Event, witness: Witness): Run => {
  switch (event.kind) {
    case 'message':
      return messageRun(event, witness);
    case 'send':
      return sendRun(event, witness);
    case 'status':
      return statusRun(event, witness);
    case 'consent':
      return (of) => isStored(told(witness, consentOf(of, event)));
    case 'erase':
      return eraseRun(event, witness);
    case 'sweep':
      return (of) =>
        of.sweep().then(
          () => true,
          () => false,
        );
    case 'stream':
    case 'replay':
    case 'expire':
      return async () => true;
  }
};

/** What an event makes of the service, and whether its caller is answered. */
export const actorOf = (event: Event, witness: Witness): Actor => ({ name: event.kind, run: runOf(event, witness) });
