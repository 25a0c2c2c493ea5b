import * as z from 'zod';
import { invalidRequest, type Parsed } from '../../../functions/shared/http/request.ts';
import { SavedBucketFile } from '../bucket-folder.ts';
import type { Clock } from '../clock.ts';
import { LocalEvent } from '../local-bus.ts';
import type { LocalEvents } from '../local-events.ts';
import type { LocalMedia } from '../local-media.ts';
import type { LocalParts } from '../local-parts.ts';
import { SavedRecord } from '../simulator/provider-record.ts';
import { WireEntry } from '../simulator/wire-log.ts';
import { createTableItems, SavedItem } from './table-items.ts';

/** Of the items that a state holds: what another version saved is refused. */
export const STATE_VERSION = 2;

/** Everything that a local run remembers, as one JSON file. */
export const LocalState = z.strictObject({
  version: z.literal(STATE_VERSION, 'is not the version of this run: load the file with the release that saved it'),
  /** The ids of the configured channels: their accounts and secrets are not in the file. */
  channels: z.array(z.string()),
  clock: z.strictObject({ now: z.iso.datetime({ offset: true }) }),
  table: z.array(SavedItem),
  /** What the simulated providers remember. */
  provider: SavedRecord,
  /** The files of the service's bucket. */
  files: z.array(SavedBucketFile),
  events: z.array(LocalEvent),
  wire: z.array(WireEntry),
});
export type LocalState = z.infer<typeof LocalState>;

export interface LocalStateDeps {
  readonly parts: LocalParts;
  readonly events: LocalEvents;
  readonly media: LocalMedia;
}

/** Saves and loads the state of a local run. */
export interface LocalStateStore {
  readonly save: () => Promise<LocalState>;
  /** Replaces the state; the faults of the providers end, and nothing is published. */
  readonly load: (state: LocalState) => Promise<Parsed<void>>;
}

const setClock = (clock: Clock, { now }: LocalState['clock']): void => clock.set(new Date(now));

export const createLocalState = ({ parts, events, media }: LocalStateDeps): LocalStateStore => {
  const { clock, simulator, config } = parts;
  const items = createTableItems(parts);
  const channels = config.channels.map(({ id }) => id);
  return {
    save: async () => {
      await events.drain();
      return {
        version: STATE_VERSION,
        channels,
        clock: { now: clock.now().toISOString() },
        table: await items.read(),
        provider: simulator.record.save(),
        files: await media.files.save(),
        events: [...events.list()],
        wire: [...simulator.wire.list()],
      };
    },
    load: async (state) => {
      const unknown = state.channels.filter((id) => !channels.includes(id));
      if (unknown.length > 0)
        return invalidRequest([
          {
            path: 'channels',
            message: `are not those of this run, which lacks ${unknown.join(', ')}: start it with the same CAREWINDOW_CONFIG`,
          },
        ]);
      await simulator.faults.remove(() => true);
      await events.ignoring(async () => {
        setClock(clock, state.clock);
        await items.replace(state.table);
      });
      simulator.record.load(state.provider);
      await media.files.load(state.files);
      events.replace(state.events);
      simulator.wire.replace(state.wire);
      return { ok: true, value: undefined };
    },
  };
};
