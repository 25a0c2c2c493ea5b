import { parseReference } from '../../functions/shared/store/message/message-reference.ts';
import { type Actor, deliver, drain } from './actors.ts';
import { checkDiary, createDiary, type Told } from './diary.ts';
import { checkEach } from './event-content.ts';
import { actorOf, CHANNELS, type Event, reportDelivery, START_SECONDS, type Witness } from './history.ts';
import { type Choose, contentionOf, faultsOf, playOn } from './interleave.ts';
import { checkDoubts, checkDrained, checkState } from './invariants.ts';
import { checkClaim, checkMaximum, checkRecords, checkSend, lastOpenings } from './people.ts';
import { checkPictures } from './pictures.ts';
import { type Resting, rest, skipEmptySpans } from './rest.ts';
import type { Containers } from './service.ts';
import {
  CODES,
  type Count,
  type Counters,
  countArrival,
  countMeetings,
  countRefusal,
  countReport,
  countTraces,
  OUTCOMES,
} from './sometimes.ts';
import { createRandom } from './virtual.ts';
import type { World } from './world.ts';

export interface Simulated {
  readonly faults: readonly string[];
  readonly steps: number;
}

interface EventActor extends Actor {
  readonly event: Event;
}

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
  (random: () => number, count: Count): Choose =>
  (waiting) => {
    const actors = [...waiting];
    const [actor, footprint] = actors[Math.floor(random() * actors.length)] ?? [];
    if (actor === undefined || footprint === undefined) return undefined;
    const isWrite = footprint.writes.length > 0;
    const step = { label: footprint.writes[0] ?? '', footprint };
    const isFaulty = random() < (step.label === 'provider' ? 0.25 : isWrite ? 0.08 : 0.003);
    const possible = [...faultsOf(step), ...contentionOf(step)];
    const outcome = isFaulty ? (possible[Math.floor(random() * possible.length)] ?? 'done') : 'done';
    const counted = OUTCOMES[outcome];
    if (counted !== undefined) count(counted);
    return { actor, outcome };
  };

/** In the end the provider tells what became of every message that it took: no doubt is left, and everyone is counted. */
const reportAll = async (world: World, { of, diary }: Resting): Promise<readonly string[]> => {
  for (const sent of world.accepted()) {
    if (!(await reportDelivery(of, sent))) return ['liveness: a status is never answered'];
    diary.reported(sent, { status: 'delivered', atMs: sent.atMs });
  }
  await drain(of, world);
  return [
    ...checkDrained(world, CHANNELS),
    ...checkDoubts(world),
    ...checkEach(world, diary),
    ...(await checkPictures(world, of, diary)),
    ...checkDiary(world, diary),
  ];
};

/** The stream keeps a record for a day, and delivers it until then. */
const STREAM_KEEPS_MS = 86_400_000;

const drainOld = async (world: World, of: Containers, now: Date): Promise<void> => {
  const [oldest] = world.undrained();
  if (oldest === undefined || oldest.atMs + STREAM_KEEPS_MS > now.getTime()) return;
  world.setCaller('rest');
  await drain(of, world);
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
  const count: Count = (what) => void counters.set(what, (counters.get(what) ?? 0) + 1);
  const erases = events.some(({ kind }) => kind === 'erase');
  const recycles = events.some((event) => event.kind === 'message' && event.by === 'new owner');
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
  const witness: Witness = {
    ...diary,
    tell,
    arrives: (event) => {
      countArrival(world, event, count);
      diary.arrives(event);
    },
    reports: (sent) => countReport(world, sent, count),
  };
  world.watch({
    accept: (accepted) =>
      // While a number goes to a new owner its session is on the way: the diary alone knows who has written.
      faults.push(
        ...(recycles ? [] : checkSend(world, parseReference(accepted.reference))),
        ...diary.accepts(accepted),
      ),
    request: (request) => faults.push(...checkClaim(world, request)),
    refused: (request, fault) => countRefusal(world, request, fault, count),
    isStale: () => {
      const isStale = random() < 0.1;
      if (isStale) count('a read was stale');
      return isStale;
    },
  });
  const of = world.of('rest');
  let open: EventActor[] = [];
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
    await drainOld(world, of, toDate(first.at));
    world.setNow(toDate(first.at));
    const isLagging = random() < 0.2;
    if (isLagging) count('an index was behind');
    // It is behind for seconds, not until the next group.
    world.table.setLagging(false);
    world.table.setLagging(isLagging);
    for (const event of group) await others(event);
    if (group.some(({ kind }) => kind === 'sweep')) skipEmptySpans(world);
    const aheadOf = (): number => CLOCKS_MS[Math.floor(random() * CLOCKS_MS.length)] ?? 0;
    const started = group.map((event) => ({ ...actorOf(event, witness), event, aheadMs: aheadOf() }));
    if (new Set(started.map(({ aheadMs }) => aheadMs)).size > 1) count('the clocks of containers differed');
    const actors = [...started, ...open].slice(0, 4);
    const later = open.slice(Math.max(0, 4 - group.length));
    const played = await playOn(world, actors, chooser(random, count));
    countMeetings(
      actors.map(({ event }) => event),
      played.made,
      count,
    );
    steps += played.made.length;
    open = [...actors.filter((_, index) => played.isAnswered[index] !== true), ...later];
    faults.push(...checkState(world), ...checkRecords(world), ...rule(world));
    if (!erases && !recycles) faults.push(...checkMaximum(openings, world));
    openings = lastOpenings(world);
    if (faults.length > 0) return { faults, steps };
  }

  world.table.setLagging(false);
  world.watch({ isStale: () => false });
  world.setCaller('rest');
  faults.push(...(await rest(world, { of, diary }, open)));
  if (faults.length === 0) faults.push(...(await reportAll(world, { of, diary })));
  countTraces(world, count);
  return { faults, steps };
};
