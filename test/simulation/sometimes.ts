import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { CustomerItem } from '../../functions/shared/store/items.ts';
import { nameOfItem } from '../../functions/shared/store/keys.ts';
import type { Request } from './dynamo/memory-client.ts';
import { type Event, writtenOf } from './history.ts';
import type { Made } from './interleave.ts';
import { rowsOf } from './invariants.ts';
import type { Accepted, Outcome, World } from './world.ts';

/** What a simulation must have met at least once, or it has shown nothing of it. */
export const SOMETIMES = [
  'a request was lost',
  'an answer was lost',
  'the SDK repeated a request',
  'a container crashed',
  'a request met a conflict',
  'a throttled request was repeated',
  'a throttle lasted longer than the attempts',
  'a provider or the bus took no more',
  'a session message was sent',
  'a template re-engaged a customer',
  'a send was in doubt',
  'a key was repeated',
  'a status proved a failure wrong',
  'a send was refused after an opt-out',
  'a send was refused outside the window',
  'a template found its slot used',
  'the provider closed a window',
  'two names were linked',
  'a message was too late',
  'a message came from the future',
  'a customer was erased',
  'a session expired by TTL',
  'the stream was replayed',
  'an index was behind',
  'a read was stale',
  'the clocks of containers differed',
  'a race for the slot was lost',
  'a status came before the answer',
  'a status settled a doubt',
  'a message of a session that was closed came late',
  'a session outlived its TTL',
  'two names were linked during a send',
  'an opt-out came during a send',
  'a customer was erased while they wrote',
  'a number got a new owner',
] as const;
export type Sometimes = (typeof SOMETIMES)[number];
export type Counters = Map<Sometimes, number>;

export type Count = (what: Sometimes) => void;

/** What no history has met. */
export const neverMet = (counters: Counters): readonly Sometimes[] => SOMETIMES.filter((what) => !counters.has(what));

export const OUTCOMES: Partial<Record<Outcome, Sometimes>> = {
  lost: 'a request was lost',
  answer_lost: 'an answer was lost',
  repeated: 'the SDK repeated a request',
  crash_after: 'a container crashed',
  conflict: 'a request met a conflict',
  throttled: 'a throttled request was repeated',
  throttled_for_long: 'a throttle lasted longer than the attempts',
  rate_limited: 'a provider or the bus took no more',
};

export const CODES: Readonly<Record<string, Sometimes>> = {
  opted_out: 'a send was refused after an opt-out',
  window_closed: 'a send was refused outside the window',
  reengagement_used: 'a template found its slot used',
};

/** What the published events and the records show that happened. */
export const countTraces = (world: World, count: Count): void => {
  for (const { detailType, detail } of world.published()) {
    const { data } = JSON.parse(detail) as { data: Readonly<Record<string, unknown>> };
    if (detailType === 'customer.identified') count('two names were linked');
    if (detailType === 'session.closed' && data['reason'] === 'provider') count('the provider closed a window');
    if (detailType === 'session.closed' && data['reason'] === 'erased') count('a customer was erased');
  }
  for (const row of rowsOf(world)) {
    if (row['countedAt'] !== undefined) count('a message came from the future');
    if (row['direction'] === 'inbound' && (row['window'] as { state?: string } | undefined)?.state === 'closed')
      count('a message was too late');
    const names = nameOfItem(row)?.kind === 'customer' ? CustomerItem.parse(row).names : undefined;
    if (names?.some(({ previousOwner }) => previousOwner !== undefined)) count('a number got a new owner');
    const statuses = (row['statuses'] as { status: string }[] | undefined)?.map(({ status }) => status) ?? [];
    if (statuses.includes('in_doubt') && statuses.at(-1) !== 'in_doubt') count('a status settled a doubt');
    if (statuses.includes('failed') && statuses.at(-1) !== 'failed') count('a status proved a failure wrong');
  }
};

type Message = Extract<Event, { kind: 'message' }>;

const HOUR = 3_600;

/** What a message finds that arrives. */
export const countArrival = (world: World, event: Message, count: Count): void => {
  const { channel, number, at } = writtenOf(event);
  const session = world.table.read({ pk: `CUSTOMER#${channel}#${number}`, sk: 'SESSION' });
  const expiresAt = Number(session?.['expiresAt']?.N ?? 0);
  if (session?.['phase']?.S !== 'closed') return;
  if (at < expiresAt) count('a message of a session that was closed came late');
  if (world.now().getTime() / 1000 > expiresAt + HOUR) count('a session outlived its TTL');
};

/** What a status finds that arrives. */
export const countReport = (world: World, { reference }: Accepted, count: Count): void => {
  const row = world.table.all().find(({ id, status }) => status?.S === 'accepted' && reference.includes(`${id?.S}`));
  if (row !== undefined) count('a status came before the answer');
};

interface Operation {
  readonly Put?: { readonly Item?: { readonly decision?: { readonly usesReengagement?: boolean } } };
  readonly Update?: { readonly Key?: { readonly pk: string; readonly sk: string } };
}

/** A claim of the slot that another send has taken since it was read. */
export const countRefusal = (world: World, { input }: Request, fault: unknown, count: Count): void => {
  if (!(fault instanceof TransactionCanceledException)) return;
  const operations = input['TransactItems'] as readonly Operation[];
  if (!operations.some(({ Put: put }) => put?.Item?.decision?.usesReengagement === true)) return;
  const lost = operations.some(({ Update: update }, index) => {
    const isFailed = fault.CancellationReasons?.[index]?.Code === 'ConditionalCheckFailed';
    return isFailed && update?.Key?.sk === 'CUSTOMER' && world.table.read(update.Key)?.['slotHolders'] !== undefined;
  });
  if (lost) count('a race for the slot was lost');
};

const isOfSamePerson = (one: Event, other: Event): boolean =>
  one.person === other.person && one.channel === other.channel;

const writesCustomer = ({ footprint: { writes } }: Made): readonly string[] =>
  writes.filter((place) => place.endsWith('|CUSTOMER'));

/** What a step of another is during a send. */
const countDuringSend = (event: Event, step: Made, count: Count): void => {
  const customers = new Set(writesCustomer(step));
  if (customers.size > 1) count('two names were linked during a send');
  const isOptOut =
    event.kind === 'consent' ? event.state === 'opted_out' : event.kind === 'message' && event.text === 'STOP';
  if (isOptOut && customers.size > 0) count('an opt-out came during a send');
};

/** What steps of one actor came between those of another. */
export const countMeetings = (events: readonly Event[], made: readonly Made[], count: Count): void => {
  for (const [actor, event] of events.entries()) {
    if (event.kind !== 'send' && event.kind !== 'message') continue;
    const first = made.findIndex((step) => step.actor === actor);
    const last = made.findLastIndex((step) => step.actor === actor);
    const call = made.findIndex((step) => step.actor === actor && step.label === 'provider');
    const during = made.slice(first, call < 0 ? last : call).filter((step) => step.footprint.writes.length > 0);
    for (const step of during) {
      const other = events[step.actor];
      if (step.actor === actor || other === undefined || !isOfSamePerson(event, other)) continue;
      if (event.kind === 'send') countDuringSend(other, step, count);
      else if (other.kind === 'erase') count('a customer was erased while they wrote');
    }
  }
};
