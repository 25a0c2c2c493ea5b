import type { components } from '../../../client/openapi.ts';
import type { Message } from './thread-messages.ts';

export type CustomerEvent = components['schemas']['Event'];

/** An entry of a conversation: a day, a message, or a change of session, consent, names or owner. */
export type TimelineEntry =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'message'; readonly key: string; readonly at: string; readonly message: Message }
  | { readonly kind: 'event'; readonly key: string; readonly at: string; readonly event: CustomerEvent };

/** What is shown beside the messages; an opening stands before its message, all else after what it follows. */
const SHOWN: readonly CustomerEvent['type'][] = [
  'session.opened',
  'session.closing',
  'session.closed',
  'session.owner_changed',
  'consent.changed',
  'customer.identified',
];

const isBefore = (entry: TimelineEntry): boolean => entry.kind === 'event' && entry.event.type === 'session.opened';

const byTime = (one: TimelineEntry, other: TimelineEntry): number => {
  const seconds = (entry: TimelineEntry) => Math.floor(Date.parse(entry.at) / 1000);
  const opens = Number(isBefore(other)) - Number(isBefore(one));
  // An event has whole seconds, the message that caused it milliseconds.
  if (one.kind !== other.kind) return seconds(one) - seconds(other) || opens;
  return Date.parse(one.at) - Date.parse(other.at);
};

const withDays = (entries: readonly TimelineEntry[], dayOf: (at: string) => string): readonly TimelineEntry[] =>
  entries.flatMap((entry, index) => {
    const previous = entries[index - 1];
    const isNewDay = previous === undefined || dayOf(previous.at) !== dayOf(entry.at);
    return isNewDay ? [{ kind: 'day', key: `day ${entry.at}`, at: entry.at }, entry] : [entry];
  });

interface TimelineSources {
  /** Oldest first. */
  readonly messages: readonly Message[];
  readonly events: readonly CustomerEvent[];
  /** Older messages are not loaded: what happened before is left out too. */
  readonly hasOlder: boolean;
  readonly nowMs: number;
  /** The day of a moment in the viewer's zone. */
  readonly dayOf: (at: string) => string;
}

/** The conversation as one list, oldest first; what is announced for later is left out. */
export const toTimeline = ({ messages, events, hasOlder, nowMs, dayOf }: TimelineSources): readonly TimelineEntry[] => {
  const from = hasOlder ? Date.parse(messages[0]?.createdAt ?? '') - 1_000 : 0;
  const shown = events
    .filter(({ type }) => SHOWN.includes(type))
    .filter(({ timestamp }) => Date.parse(timestamp) >= from && Date.parse(timestamp) <= nowMs)
    .map((event): TimelineEntry => ({ kind: 'event', key: event.data.id, at: event.timestamp, event }));
  const written = messages.map(
    (message): TimelineEntry => ({ kind: 'message', key: message.id, at: message.createdAt, message }),
  );
  return withDays([...written, ...shown].toSorted(byTime), dayOf);
};
