import pMap from 'p-map';
import type { Channel } from '../shared/domain/config.ts';
import { epochSeconds } from '../shared/domain/window.ts';
import type { DueSend, Sweep } from '../shared/store/due/find-due.ts';
import type { ItemKey } from '../shared/store/keys.ts';
import type { PhaseSet } from '../shared/store/session/set-phases.ts';
import type { StoreRuntime } from './store.ts';

/** Sends settled at once. */
const CONCURRENCY = 16;

/** A send in doubt for longer than this is one that no status has settled: a person should look (R12). */
const OVERDUE_SECONDS = 900;

type Act<T> = (keys: readonly ItemKey[]) => Promise<readonly T[]>;

/** Does something with everything that is due, step by step, and remembers each step. */
const sweepAll = async <T>({ store }: StoreRuntime, sweep: Sweep, act: Act<T>): Promise<readonly T[]> => {
  const done: T[] = [];
  for (let reached = Number.NEGATIVE_INFINITY; reached < sweep.until; ) {
    const { keys, until } = await store.findDue(sweep);
    done.push(...(await act(keys)));
    await store.markSwept({ ...sweep, until });
    reached = until;
  }
  return done;
};

/** Settles the sends of one channel that wait for an outcome; what cannot be settled now is found by the next sweep. */
const sweepSends = async (runtime: StoreRuntime, channel: string): Promise<readonly DueSend[]> => {
  const { store, now } = runtime;
  const sweep = { kind: 'send', channel, until: epochSeconds(now()) } as const;
  const settled = await sweepAll(runtime, sweep, (keys) =>
    pMap(keys, (key) => store.settleDue(key, now()), { concurrency: CONCURRENCY }),
  );
  return settled.filter((send) => send !== undefined);
};

/** The two edges of the slots at which something happens: a session that stands between them is closing already. */
const edgesOf = ({ id: channel, closingLeadSeconds }: Channel, at: number): readonly Sweep[] => [
  { kind: 'closed', channel, until: at },
  { kind: 'closing', channel, since: at, until: at + closingLeadSeconds },
];

/** Sets the phase of one channel's sessions that are about to end or have ended. */
const sweepSessions = async (runtime: StoreRuntime, channel: Channel): Promise<readonly PhaseSet[]> => {
  const { store, now } = runtime;
  const { closingLeadSeconds } = channel;
  const set: PhaseSet[] = [];
  for (const edge of edgesOf(channel, epochSeconds(now())))
    set.push(...(await sweepAll(runtime, edge, (keys) => store.setPhases(keys, { closingLeadSeconds, now: now() }))));
  return set;
};

const reportSends = ({ log }: StoreRuntime, sends: readonly DueSend[]): void => {
  const ages = sends.filter(({ kind }) => kind !== 'settled').map(({ ageSeconds }) => ageSeconds);
  log.count('SendsInDoubt', sends.filter(({ kind }) => kind === 'now_in_doubt').length);
  log.count('SendsInDoubtOverdue', ages.filter((age) => age > OVERDUE_SECONDS).length);
  log.gauge('OldestInDoubtSeconds', Math.max(0, ...ages));
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

const sweepChannels = async (runtime: StoreRuntime): Promise<void> => {
  const { log, channels } = runtime;
  const sessions = (await pMap(channels, (channel) => sweepSessions(runtime, channel), { concurrency: 2 })).flat();
  reportSessions(runtime, sessions);
  const sends = (await pMap(channels, ({ id }) => sweepSends(runtime, id), { concurrency: 2 })).flat();
  reportSends(runtime, sends);
  log.info('window-sweep.done', { channels: channels.length, sessions: sessions.length, sends: sends.length });
};

/**
 * Runs each minute: sets the phase of sessions that are about to end or have ended, then finds the sends that wait for an
 * outcome, puts them in doubt and measures how long they wait.
 */
export const createWindowSweep =
  (runtime: StoreRuntime) =>
  async (event: { readonly id?: string } = {}): Promise<void> => {
    const { log } = runtime;
    log.begin(event.id ?? 'sweep');
    try {
      await sweepChannels(runtime);
    } catch (fault) {
      log.error('window-sweep.failed', {}, fault);
      throw fault;
    } finally {
      log.end();
    }
  };
