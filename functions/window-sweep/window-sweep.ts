import pMap from 'p-map';
import type { StoreRuntime } from '../shared/runtime/store-runtime.ts';
import type { DueSend } from '../shared/store/due-store.ts';

/** Sends settled at once. */
const CONCURRENCY = 16;

/** A send in doubt for longer than this is one that no status has settled: a person should look (R12). */
const OVERDUE_SECONDS = 900;

/** Settles the sends of one channel that wait for an outcome; what cannot be settled now is found by the next sweep. */
const sweepSends = async ({ store, now }: StoreRuntime, channel: string): Promise<readonly DueSend[]> => {
  const sweep = { kind: 'send', channel, now: now() } as const;
  const due = await store.findDue(sweep);
  const settled = await pMap(due, (key) => store.settleDue(key, now()), { concurrency: CONCURRENCY });
  await store.markSwept(sweep);
  return settled.filter((send) => send !== undefined);
};

const sweepChannels = async (runtime: StoreRuntime): Promise<void> => {
  const { log, channels } = runtime;
  const sends = (await pMap(channels, ({ id }) => sweepSends(runtime, id), { concurrency: 2 })).flat();
  const ages = sends.filter(({ kind }) => kind !== 'settled').map(({ ageSeconds }) => ageSeconds);
  log.count('SendsInDoubt', sends.filter(({ kind }) => kind === 'now_in_doubt').length);
  log.count('SendsInDoubtOverdue', ages.filter((age) => age > OVERDUE_SECONDS).length);
  log.gauge('OldestInDoubtSeconds', Math.max(0, ...ages));
  log.info('window-sweep.done', { channels: channels.length, sends: sends.length });
};

/** Runs each minute: finds the sends that wait for an outcome, puts them in doubt and measures how long they wait. */
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
