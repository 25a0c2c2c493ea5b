/** Between two moments of a history, as who waits for an answer sees them. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Something by which a customer counts: a delivery of a message, or a send that the provider took. */
export interface Activity extends Span {
  readonly channel: string;
  readonly person: number;
  /** The number first, where it is known. */
  readonly names: readonly string[];
  /** The month in which it counts, or those of which it is one. */
  readonly months: readonly string[];
  /** The service has it, and no erasure met it. */
  readonly isSure: boolean;
  /** When the stream has counted it. */
  readonly countedAt: number;
}

/** A call that erases a customer. */
export interface Erasure extends Span {
  readonly channel: string;
  readonly person: number;
  readonly isDone: boolean;
}

/** What happened to one person on the channels of a scope. */
interface Past {
  readonly activities: readonly Activity[];
  readonly erasures: readonly Erasure[];
}

/** How many members there are at least and at most. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export const meets = (one: Span, other: Span): boolean => one.start <= other.end && other.start <= one.end;

const spanOf = (one: Span, other: Span): Span => ({
  start: Math.min(one.start, other.start),
  end: Math.max(one.end, other.end),
});

const isNumber = (name: string | undefined): boolean => name !== undefined && /^\d/.test(name);

/** The name under which an activity counts: the number where a message links it, and no erasure comes between the two. */
const memberOf = ({ activities, erasures }: Past, activity: Activity): string => {
  const { channel, names } = activity;
  const [name = ''] = names;
  const links = activities.filter((one) => one.channel === channel && one.names.length === 2 && one.names[1] === name);
  const isOfOneLife = (link: Activity): boolean =>
    !erasures.some((erasure) => erasure.channel === channel && meets(erasure, spanOf(link, activity)));
  return links.find(isOfOneLife)?.names[0] ?? name;
};

const first = <T extends Span>(some: readonly T[], by: (one: T) => number): T | undefined =>
  some.toSorted((one, other) => by(one) - by(other))[0];

/** How often a customer may have begun anew: each activity is of one life, and an erasure may come between any two. */
const mostLives = (activities: readonly Activity[], erasures: readonly Erasure[]): number => {
  let left = activities;
  let [lives, now] = [0, 0];
  for (;;) {
    const next = first(
      left.filter(({ end }) => end >= now),
      ({ start }) => Math.max(start, now),
    );
    if (next === undefined) return lives;
    lives += 1;
    now = Math.max(now, next.start);
    left = left.filter((one) => one !== next);
    const starts = erasures.filter(({ end }) => end >= now).map(({ start }) => Math.max(start, now));
    if (starts.length === 0) return lives;
    now = Math.min(...starts);
  }
};

/** How often a customer has begun anew for sure: what was before an erasure is gone, and what comes after it is of another. */
const leastLives = (activities: readonly Activity[], erasures: readonly Erasure[]): number => {
  let [lives, now] = [0, -1];
  for (;;) {
    const after = now;
    const next = first(
      activities.filter(({ isSure, start }) => isSure && start > after),
      ({ end }) => end,
    );
    if (next === undefined) return lives;
    lives += 1;
    const erasure = first(
      erasures.filter(({ isDone, channel, start }) => isDone && channel === next.channel && start > next.end),
      ({ end }) => end,
    );
    if (erasure === undefined) return lives;
    now = erasure.end;
  }
};

/** A customer whom another channel may know stays a member of the deployment when one erases them. */
const mayStay = ({ activities }: Past, { channel, end }: Erasure): boolean =>
  activities.some((one) => one.channel !== channel && isNumber(one.names[0]) && one.start < end);

/** An erasure counts what its own channel knows, and sees of another one what the stream has counted. */
const untilCounted = (activity: Activity): Activity => ({ ...activity, end: activity.countedAt });

/** The user ids that came with the number, one after the other where it has a new owner. */
const ownersIn = ({ activities }: Past): ReadonlySet<string> =>
  new Set(activities.flatMap(({ names: [, userId] }) => userId ?? []));

/** One of several owners counts at least, and each of them at most: whose a message is may be learned after it is counted. */
const boundsOfOwners = ({ activities, erasures }: Past, owners: ReadonlySet<string>): Bounds => ({
  least: activities.some(({ isSure }) => isSure) ? 1 : 0,
  most: owners.size * mostLives(activities, erasures),
});

/** As how many members one person counts in a month. */
export const boundsOf = (all: Past, month: string): Bounds => {
  const activities = all.activities.flatMap((one) =>
    one.months.includes(month) ? [{ ...one, isSure: one.isSure && one.months.length === 1 }] : [],
  );
  const past = { activities, erasures: all.erasures };
  const owners = ownersIn(all);
  const channels = new Set(activities.map(({ channel }) => channel));
  if (owners.size > 1) return boundsOfOwners(past, owners);
  const names = Map.groupBy(activities, (activity) => memberOf(all, activity));
  const certain = all.erasures.filter((erasure) => !mayStay(past, erasure));
  const lives = [...names].map(([name, own]) => ({
    least: leastLives(own, isNumber(name) ? certain : []),
    most: mostLives(channels.size > 1 ? own.map(untilCounted) : own, all.erasures),
  }));
  const isLinked = all.erasures.length > 0 && owners.size > 0;
  const leasts = lives.map(({ least }) => least);
  return {
    // An erasure may separate the names of one person, who counts once under both where no erasure came between.
    least: isLinked ? Math.max(0, ...leasts) : leasts.reduce((sum, one) => sum + one, 0),
    most: lives.reduce((sum, { most }) => sum + most, 0),
  };
};
