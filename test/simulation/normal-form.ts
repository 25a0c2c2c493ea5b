import { kindOf } from '../../functions/shared/store/keys.ts';
import { rowsOf } from './invariants.ts';
import type { World } from './world.ts';

/** What depends on the order of arrival by the rules, or on the moment of a repetition. */
const INCIDENTAL = new Set([
  'sessionId',
  'openedAt',
  'carriedAt',
  'leftSession',
  'learnedAt',
  'window',
  'closedAt',
  'skewedUntil',
  'requestId',
  'receivedAt',
  'position',
  'customer',
  'profile',
  'phone',
  'userId',
  'knownSince',
  'consentVersion',
  'endedAt',
  'consentFrom',
  'absorbed',
  'openedAs',
  'lastAnswerAt',
  // Of an open session it may be early, depending on who was first: the sweep or the message.
  'dueAt',
  // A message that extends a session raises the session alone: what counts is the latest of the three.
  'lastOpenedAt',
  'lastInboundAt',
]);

/** What a template that is decided on between the two writes of a message leaves on the session which that opens (R8). */
const SLOT = new Set(['slotUsedAt', 'slotHolders']);

const plain = (value: unknown, omitted: ReadonlySet<string> = INCIDENTAL): unknown => {
  if (value instanceof Set) return [...value].map(String).sort((one, other) => (one < other ? -1 : 1));
  if (Array.isArray(value)) return value.map((one) => plain(one, omitted));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !omitted.has(name))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, plain(inner, omitted)]),
  );
};

const KEPT = new Set(['sessions', 'customers', 'consents', 'messages']);

export interface FormOptions {
  readonly withSends: boolean;
  readonly withSlot: boolean;
}

const timesIn = (row: Readonly<Record<string, unknown>>): readonly number[] =>
  [row['lastOpenedAt'], row['lastInboundAt']].filter((time) => typeof time === 'number');

/** The state of the customers, in a form that two orders of the same events share. */
export const normalForm = (world: World, { withSends, withSlot }: FormOptions): string => {
  const rows = rowsOf(world).filter(({ pk, sk }) => pk.startsWith('CUSTOMER#') && KEPT.has(kindOf(sk)));
  const omitted = withSlot ? INCIDENTAL : new Set([...INCIDENTAL, ...SLOT]);
  const forms = rows.flatMap((row): readonly object[] => {
    const { pk, sk, ...item } = row;
    if (item['direction'] !== 'outbound') return [{ pk, sk, ...(plain(item, omitted) as object) }];
    if (!withSends) return [];
    const statuses = (item['statuses'] as { status: string }[]).map(({ status }) => status);
    return [{ pk, sentAs: item['sentAs'], status: item['status'], statuses, isDue: item['dueAt'] !== undefined }];
  });
  const accepted = world
    .accepted()
    .map(({ isTemplate }) => (isTemplate ? 'template' : 'session'))
    .sort();
  const all = [...forms, { last: Math.max(0, ...rows.flatMap(timesIn)) }, ...(withSends ? [{ accepted }] : [])];
  return all
    .map((form) => JSON.stringify(form))
    .sort((one, other) => (one < other ? -1 : 1))
    .join('\n');
};
