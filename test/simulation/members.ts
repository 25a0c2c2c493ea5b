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
  /** Of a send to a user id: the number that its customer had as far as was known, which may be the next owner's by then. */
  readonly storedUnder?: string;
  /** The month in which it counts, or those of which it is one. */
  readonly months: readonly string[];
  /** The epoch second of which it is, or those of which it is one. */
  readonly seconds: readonly number[];
  /** The service has it, and no erasure met it. */
  readonly isSure: boolean;
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
  const isOfOneLife = (link: Activity): boolean => !erasures.some((erasure) => meets(erasure, spanOf(link, activity)));
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

/** The user ids that came with the number, one after the other where it has a new owner. */
const ownersIn = ({ activities }: Past): ReadonlySet<string> =>
  new Set(activities.flatMap(({ names: [, userId] }) => userId ?? []));

/** A message says at a known second whose the number is. */
interface OwnerReport {
  readonly at: number;
  readonly userId: string;
}

const userIdOf = ({ names: [, userId] }: Activity): string | undefined => userId;
const secondOf = ({ seconds: [second = 0] }: Activity): number => second;

const reportsIn = (activities: readonly Activity[]): readonly OwnerReport[] =>
  activities.flatMap((one) => {
    const userId = userIdOf(one);
    return userId === undefined ? [] : { at: secondOf(one), userId };
  });

/** Whose a number was at a second: the last report before it says so, or else the first one after it; several of one second. */
const ownersAt = (reports: readonly OwnerReport[], second: number): ReadonlySet<string> => {
  const before = reports.filter(({ at }) => at <= second).map(({ at }) => at);
  const decisive = before.length > 0 ? Math.max(...before) : Math.min(...reports.map(({ at }) => at));
  return new Set(reports.filter(({ at }) => at === decisive).map(({ userId }) => userId));
};

/**
 * Whether an older report comes after one that only confirmed another owner: confirmations are not stored, so that the older
 * report is taken for the newest.
 */
const overtakesUnseen = (late: Activity, reports: readonly Activity[]): boolean =>
  reports.some(
    (confirming) =>
      userIdOf(confirming) !== userIdOf(late) &&
      confirming.start < late.end &&
      secondOf(confirming) > secondOf(late) &&
      reports.some(
        (known) =>
          known !== confirming &&
          userIdOf(known) === userIdOf(confirming) &&
          known.start < confirming.end &&
          secondOf(known) <= secondOf(late),
      ),
  );

/** Whether the service has learned of every owner of a number, and of the second of each report. */
const areCertain = (activities: readonly Activity[]): boolean => {
  const reports = activities.filter((one) => userIdOf(one) !== undefined);
  return reports.every((one) => one.isSure && one.seconds.length === 1 && !overtakesUnseen(one, reports));
};

/** Each owner counts by what is of the seconds in which the number was theirs. */
const boundsByOwner = (all: readonly Activity[], activities: readonly Activity[]): Bounds => {
  const reports = reportsIn(all);
  const perActivity = activities.map((activity) => {
    const { names, storedUnder, seconds, isSure } = activity;
    const owners = [names[0], storedUnder].flatMap((name) => {
      if (name === undefined) return [];
      return isNumber(name) ? seconds.flatMap((second) => [...ownersAt(reports, second)]) : [name];
    });
    return { isSure, owners: new Set(owners) };
  });
  const sure = perActivity.flatMap(({ isSure, owners }) => (isSure && owners.size === 1 ? [...owners] : []));
  const possible = perActivity.flatMap(({ owners }) => [...owners]);
  const undecided = perActivity.some(({ isSure }) => isSure);
  return { least: Math.max(new Set(sure).size, undecided ? 1 : 0), most: new Set(possible).size };
};

/**
 * Where the number's owners are certain and nothing was erased, each counts by their own. Otherwise one of several counts at
 * least, and each of them at most: whose a message is may be learned after it is counted.
 */
const boundsOfOwners = (all: Past, { activities, erasures }: Past): Bounds => {
  const channels = new Set(all.activities.map(({ channel }) => channel));
  if (channels.size === 1 && erasures.length === 0 && areCertain(all.activities))
    return boundsByOwner(all.activities, activities);
  return {
    least: activities.some(({ isSure }) => isSure) ? 1 : 0,
    most: ownersIn(all).size * mostLives(activities, erasures),
  };
};

/** As how many members one person counts in a month. */
export const boundsOf = (all: Past, month: string): Bounds => {
  const activities = all.activities.flatMap((one) =>
    one.months.includes(month) ? [{ ...one, isSure: one.isSure && one.months.length === 1 }] : [],
  );
  const past = { activities, erasures: all.erasures };
  const owners = ownersIn(all);
  if (owners.size > 1) return boundsOfOwners(all, past);
  const names = Map.groupBy(activities, (activity) => memberOf(all, activity));
  const certain = all.erasures.filter((erasure) => !mayStay(past, erasure));
  const lives = [...names].map(([name, own]) => ({
    least: leastLives(own, isNumber(name) ? certain : []),
    most: mostLives(own, all.erasures),
  }));
  const isLinked = all.erasures.length > 0 && owners.size > 0;
  const leasts = lives.map(({ least }) => least);
  return {
    // An erasure may separate the names of one person, who counts once under both where no erasure came between.
    least: isLinked ? Math.max(0, ...leasts) : leasts.reduce((sum, one) => sum + one, 0),
    most: lives.reduce((sum, { most }) => sum + most, 0),
  };
};
