import { parseReference } from '../../functions/shared/store/message/message-reference.ts';
import { type Actor, deliver, drain } from './actors.ts';
import { checkDiary, createDiary, type Diary, type Told } from './diary.ts';
import { actorOf, CHANNELS, type Event, reportDelivery, START_SECONDS } from './history.ts';
import { type Choose, contentionOf, faultsOf, playOn } from './interleave.ts';
import { checkDoubts, checkDrained, checkState, rowsOf } from './invariants.ts';
import { checkClaim, checkMaximum, checkRecords, checkSend, lastOpenings } from './people.ts';
import { rest, skipEmptySpans } from './rest.ts';
import type { Containers } from './service.ts';
import { createRandom } from './virtual.ts';
import type { Outcome, World } from './world.ts';

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
] as const;
export type Sometimes = (typeof SOMETIMES)[number];
export type Counters = Map<Sometimes, number>;

export interface Simulated {
  readonly faults: readonly string[];
  readonly steps: number;
}

const OUTCOMES: Partial<Record<Outcome, Sometimes>> = {
  lost: 'a request was lost',
  answer_lost: 'an answer was lost',
  repeated: 'the SDK repeated a request',
  crash_after: 'a container crashed',
  conflict: 'a request met a conflict',
  throttled: 'a throttled request was repeated',
  throttled_for_long: 'a throttle lasted longer than the attempts',
  rate_limited: 'a provider or the bus took no more',
};

const CODES: Readonly<Record<string, Sometimes>> = {
  opted_out: 'a send was refused after an opt-out',
  window_closed: 'a send was refused outside the window',
  reengagement_used: 'a template found its slot used',
};

/** How far the clocks of containers are ahead of the slowest. */
const CLOCKS_MS = [0, 5, 1_500];

const toDate = (at: number): Date => new Date((START_SECONDS + at) * 1000);

/** Events that happen in the same few seconds. */
const groupsOf = (events: readonly Event[]): readonly (readonly Event[])[] => {
  const groups: Event[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    const first = last?.[0];
    if (last !== undefined && first !== undefined && last.length < 3 && event.at - first.at <= 1) last.push(event);
    else groups.push([event]);
  }
  return groups;
};

/** Chooses steps at random, with a fault now and then. */
const chooser =
  (random: () => number, count: (what: Sometimes) => void): Choose =>
  (waiting) => {
    const actors = [...waiting];
    const [actor, footprint] = actors[Math.floor(random() * actors.length)] ?? [];
    if (actor === undefined || footprint === undefined) return undefined;
    const isWrite = footprint.writes.length > 0;
    const isFaulty = random() < (isWrite ? 0.08 : 0.003);
    const step = { label: footprint.writes[0] ?? '', footprint };
    const possible = [...faultsOf(step), ...contentionOf(step)];
    const outcome = isFaulty ? (possible[Math.floor(random() * possible.length)] ?? 'done') : 'done';
    const counted = OUTCOMES[outcome];
    if (counted !== undefined) count(counted);
    return { actor, outcome };
  };

/** What the published events and the records show that happened. */
const countTraces = (world: World, count: (what: Sometimes) => void): void => {
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
    const statuses = (row['statuses'] as { status: string }[] | undefined)?.map(({ status }) => status) ?? [];
    if (statuses.includes('failed') && statuses.at(-1) !== 'failed') count('a status proved a failure wrong');
  }
};

interface Resting {
  readonly of: Containers;
  readonly diary: Diary;
  readonly erases: boolean;
}

/** In the end the provider tells what became of every message that it took: no doubt is left, and everyone is counted. */
const reportAll = async (world: World, { of, diary, erases }: Resting): Promise<readonly string[]> => {
  for (const sent of world.accepted()) {
    if (!(await reportDelivery(of, sent))) return ['liveness: a status is never answered'];
    diary.reported(sent, { status: 'delivered', atMs: sent.atMs });
  }
  await drain(of, world);
  return [...checkDrained(world, CHANNELS), ...checkDoubts(world), ...(erases ? [] : checkDiary(world, diary))];
};

/** A history, and what is played and checked with it. */
export interface History {
  readonly events: readonly Event[];
  readonly seed: number;
  readonly counters: Counters;
  /** One more rule, which holds between any two groups of events. @default - none */
  readonly rule?: ((world: World) => readonly string[]) | undefined;
}

/** Plays one history on an empty world, then lets it come to rest, and checks the rules on the way and at the end. */
export const simulate = async (
  world: World,
  { events, seed, counters, rule = () => [] }: History,
): Promise<Simulated> => {
  const random = createRandom(seed ^ 0x5f_35_64_95);
  const count = (what: Sometimes): void => void counters.set(what, (counters.get(what) ?? 0) + 1);
  const erases = events.some(({ kind }) => kind === 'erase');
  const faults: string[] = [];
  const sent = new Set<string>();
  const diary = createDiary(world.now);
  const tell = ({ status, body }: Told): void => {
    const known = typeof body['code'] === 'string' ? CODES[body['code']] : undefined;
    if (known !== undefined) count(known);
    if (status === 202) count('a send was in doubt');
    if (typeof body['id'] !== 'string' || status >= 300) return;
    if (body['sentAs'] === 'session') count('a session message was sent');
    if (body['usedReengagement'] === true) count('a template re-engaged a customer');
    if (sent.has(body['id'])) count('a key was repeated');
    sent.add(body['id']);
  };
  const witness = { ...diary, tell };
  world.watch({
    accept: (accepted) =>
      faults.push(...checkSend(world, parseReference(accepted.reference)), ...diary.accepts(accepted)),
    request: (request) => faults.push(...checkClaim(world, request)),
    isStale: () => {
      const isStale = random() < 0.1;
      if (isStale) count('a read was stale');
      return isStale;
    },
  });
  const of = world.of('rest');
  let open: Actor[] = [];
  let steps = 0;
  let delivered = world.undrained();
  let openings = lastOpenings(world);

  const others = async (event: Event): Promise<void> => {
    world.setCaller('rest');
    if (event.kind === 'stream') {
      delivered = [...world.undrained()];
      await deliver(of, world);
    }
    if (event.kind === 'replay' && delivered.length > 0) {
      count('the stream was replayed');
      world.repeat(delivered);
      await deliver(of, world);
    }
    if (event.kind === 'expire' && world.expire() > 0) count('a session expired by TTL');
  };

  for (const group of groupsOf(events)) {
    const [first] = group;
    if (first === undefined) continue;
    world.setNow(toDate(first.at));
    const isLagging = random() < 0.2;
    if (isLagging) count('an index was behind');
    // It is behind for seconds, not until the next group.
    world.table.setLagging(false);
    world.table.setLagging(isLagging);
    for (const event of group) await others(event);
    if (group.some(({ kind }) => kind === 'sweep')) skipEmptySpans(world);
    const aheadOf = (): number => CLOCKS_MS[Math.floor(random() * CLOCKS_MS.length)] ?? 0;
    const started = group.map((event) => ({ ...actorOf(event, witness), aheadMs: aheadOf() }));
    const actors = [...started, ...open].slice(0, 4);
    const later = open.slice(Math.max(0, 4 - group.length));
    const played = await playOn(world, actors, chooser(random, count));
    steps += played.made.length;
    open = [...actors.filter((_, index) => played.isAnswered[index] !== true), ...later];
    faults.push(...checkState(world), ...checkRecords(world), ...rule(world));
    if (!erases) faults.push(...checkMaximum(openings, world));
    openings = lastOpenings(world);
    if (faults.length > 0) return { faults, steps };
  }

  world.table.setLagging(false);
  world.watch({ isStale: () => false });
  world.setCaller('rest');
  faults.push(...(await rest(world, of, open)));
  if (faults.length === 0) faults.push(...(await reportAll(world, { of, diary, erases })));
  countTraces(world, count);
  return { faults, steps };
};
