import { isLoose, type Loose, listAt, partAt, textAt } from '../api/loose.ts';
import { strings } from '../strings.ts';
import { fullTime, shortTime } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { CustomerEvent } from './timeline.ts';

const ICONS: Readonly<Partial<Record<CustomerEvent['type'], IconName>>> = {
  'session.opened': 'clock',
  'session.closing': 'bell',
  'session.closed': 'lock',
  'session.owner_changed': 'user',
  'consent.changed': 'check',
  'customer.identified': 'link',
};

const ownerName = (data: Loose): string => {
  const owner = data['owner'];
  return isLoose(owner) ? (strings.owner.names[textAt(owner, 'kind')] ?? textAt(owner, 'kind')) : '';
};

const consentText = (data: Loose): string => {
  const key = `${textAt(data, 'scope')}.${textAt(data, 'state')}`;
  return strings.events.consent(strings.events.consents[key] ?? key, textAt(data, 'source'), textAt(data, 'actor'));
};

type Sentence = (detail: Loose, nowMs: number) => string;

const namesIn = (detail: Loose): string =>
  listAt(detail, 'names')
    .map((name) => textAt(name, 'name'))
    .join(', ');

/** The events that are shown, each in one sentence. */
const SENTENCES: Readonly<Partial<Record<CustomerEvent['type'], Sentence>>> = {
  'session.opened': () => strings.events.opened,
  'session.closing': (detail, nowMs) => strings.events.closing(shortTime(textAt(detail, 'expiresAt'), nowMs)),
  'session.closed': (detail) => strings.events.closed[textAt(detail, 'reason')] ?? strings.events.closedOther,
  'session.owner_changed': (detail) => strings.events.owner(ownerName(detail)),
  'consent.changed': consentText,
  'customer.identified': (detail) => strings.events.identified(namesIn(detail)),
};

const sentenceOf = ({ type, data }: CustomerEvent, nowMs: number): string =>
  SENTENCES[type]?.(partAt(data, 'data'), nowMs) ?? type;

/** What happened between the messages. */
export const TimelineEvent = ({ event, nowMs }: { readonly event: CustomerEvent; readonly nowMs: number }) => (
  <li className={`timeline-event ${event.type.replace('.', '-')}`}>
    <Icon name={ICONS[event.type] ?? 'info'} size={15} />
    <span>{sentenceOf(event, nowMs)}</span>
    <time dateTime={event.timestamp} title={fullTime(event.timestamp)}>
      {shortTime(event.timestamp, nowMs)}
    </time>
  </li>
);
