import pMap from 'p-map';
import type { Channel } from '../shared/domain/config.ts';
import { epochSeconds } from '../shared/domain/window.ts';
import { exactSeconds } from '../shared/store/due/due-entry.ts';
import type { Sweep } from '../shared/store/due/find-due.ts';
import type { ItemKey } from '../shared/store/keys.ts';
import type { DueSend } from '../shared/store/message/settle-due.ts';
import type { PhaseSet } from '../shared/store/session/set-phases.ts';
import type { StoreRuntime } from './store.ts';

/** Sends that are settled in parallel. */
const CONCURRENCY = 16;

/** A send that no status has settled for this long counts as overdue: an operator has to settle it (R12). */
const OVERDUE_SECONDS = 900;

/** An item that this version cannot parse is passed over, so that it stops no other; an alarm reads this metric. */
const reportUnreadable = ({ log }: StoreRuntime, channel: string, kind: Sweep['kind']): void => {
  log.warn('window-sweep.unreadable', { channel, kind });
  log.count('ItemsUnreadable');
};

type Handle<T> = (keys: readonly ItemKey[]) => Promise<readonly T[]>;

/** Handles everything that is due, step by step, and saves the progress after each step. */
const sweepDue = async <T>({ store }: StoreRuntime, sweep: Sweep, handle: Handle<T>): Promise<readonly T[]> => {
  const results: T[] = [];
  for (let sweptUntil = Number.NEGATIVE_INFINITY; sweptUntil < sweep.until; ) {
    const { keys, until } = await store.findDue(sweep);
    results.push(...(await handle(keys)));
    await store.markSwept({ ...sweep, until });
    sweptUntil = until;
  }
  return results;
};

/**
 * Sessions whose end has passed become closed; those that end within the closing lead become closing. As far ahead as the
 * entries of the due index are exact, early ones move to the ends of their sessions; so do those of the other two.
 */
const sessionSweeps = ({ id: channel, closingLeadSeconds }: Channel, nowSeconds: number): readonly Sweep[] => {
  const exact = exactSeconds(closingLeadSeconds);
  const ahead = { channel, since: nowSeconds } as const;
  return [
    { kind: 'closed', channel, until: nowSeconds },
    ...(closingLeadSeconds < exact
      ? [{ ...ahead, kind: 'closing' as const, until: nowSeconds + closingLeadSeconds }]
      : []),
    { ...ahead, kind: 'exact', until: nowSeconds + exact },
  ];
};

/** Sets the phase of the sessions of a channel that are about to end or have ended. */
const sweepSessions = async (runtime: StoreRuntime, channel: Channel): Promise<readonly PhaseSet[]> => {
  const { store, now } = runtime;
  const { closingLeadSeconds } = channel;
  const set: PhaseSet[] = [];
  for (const sweep of sessionSweeps(channel, epochSeconds(now())))
    set.push(
      ...(await sweepDue(runtime, sweep, (keys) =>
        store.setPhases(keys, {
          closingLeadSeconds,
          now: now(),
          onUnreadable: () => reportUnreadable(runtime, channel.id, sweep.kind),
        }),
      )),
    );
  return set;
};

type ReadSend = Exclude<DueSend, { kind: 'unreadable' }>;

/** Puts the sends of a channel that are due without an outcome in doubt; those that stay in doubt come due again. */
const sweepSends = async (runtime: StoreRuntime, channel: string): Promise<readonly ReadSend[]> => {
  const { store, now } = runtime;
  const sweep = { kind: 'send', channel, until: epochSeconds(now()) } as const;
  const sends = await sweepDue(runtime, sweep, (keys) =>
    pMap(keys, (key) => store.settleDue(key, now()), { concurrency: CONCURRENCY }),
  );
  return sends.flatMap((send) => {
    if (send?.kind === 'unreadable') reportUnreadable(runtime, channel, sweep.kind);
    return send === undefined || send.kind === 'unreadable' ? [] : [send];
  });
};

const reportSessions = ({ log }: StoreRuntime, sessions: readonly PhaseSet[]): void => {
  const lags = sessions.filter(({ phase }) => phase === 'closed').map(({ lagSeconds }) => lagSeconds);
  log.count('SessionsClosing', sessions.length - lags.length);
  log.count('SessionsClosed', lags.length);
  log.gauge(
    'SweepLagSeconds',
    lags.reduce((most, lag) => Math.max(most, lag), 0),
  );
};

const reportSends = ({ log }: StoreRuntime, sends: readonly ReadSend[]): void => {
  const ages = sends.filter(({ kind }) => kind !== 'settled').map(({ ageSeconds }) => ageSeconds);
  log.count('SendsInDoubt', sends.filter(({ kind }) => kind === 'now_in_doubt').length);
  log.count('SendsInDoubtOverdue', ages.filter((age) => age > OVERDUE_SECONDS).length);
  log.gauge('OldestInDoubtSeconds', Math.max(0, ...ages));
};

const sweepChannels = async (runtime: StoreRuntime): Promise<void> => {
  const { log, channels } = runtime;
  const sessions = (await pMap(channels, (channel) => sweepSessions(runtime, channel), { concurrency: 2 })).flat();
  reportSessions(runtime, sessions);
  const sends = (await pMap(channels, ({ id }) => sweepSends(runtime, id), { concurrency: 2 })).flat();
  reportSends(runtime, sends);
  log.info('window-sweep.done', { channels: channels.length, sessions: sessions.length, sends: sends.length });
};

/** Writes the beat that alarms watch: a sweep that fails has none. */
const beat = async ({ store, log, now }: StoreRuntime): Promise<void> => {
  const { syncAgeSeconds } = await store.beat(now());
  log.gauge('TemplateSyncAgeSeconds', syncAgeSeconds);
};

/**
 * Runs each minute: sets the phase of the sessions that are about to end or have ended, then puts the sends without an
 * outcome in doubt and measures their age.
 */
export const createWindowSweep =
  (runtime: StoreRuntime) =>
  async (event: { readonly id?: string } = {}): Promise<void> => {
    const { log } = runtime;
    log.begin(event.id ?? 'sweep');
    try {
      await sweepChannels(runtime);
      await beat(runtime);
    } catch (fault) {
      log.error('window-sweep.failed', {}, fault);
      throw fault;
    } finally {
      log.end();
    }
  };
