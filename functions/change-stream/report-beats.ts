import * as z from 'zod';
import type { Log } from '../shared/runtime/log.ts';
import { readImage, type StreamRecord } from '../shared/store/changes.ts';
import { BEAT_KEY, BeatItem } from '../shared/store/service-beat.ts';

/** A stage that has run for this long has settled: a missing beat is a fault, and not the time before the first one. */
const SETTLED_SECONDS = 900;

const Beat = z.object({ pk: z.literal(BEAT_KEY.pk), sk: z.literal(BEAT_KEY.sk), ...BeatItem.shape });
const Inbound = z.object({ direction: z.literal('inbound') });

const isSettled = ({ startedAt, beatAt }: z.infer<typeof Beat>): boolean => beatAt - startedAt >= SETTLED_SECONDS;

/** Counts the beats and the new messages of customers in a batch, for the alarms on silence. */
export const reportBeats = (log: Log, records: readonly StreamRecord[]): void => {
  const images = records.map(({ dynamodb }) => ({
    isNew: dynamodb?.OldImage === undefined,
    item: readImage(dynamodb?.NewImage),
  }));
  const beats = images.flatMap(({ item }) => Beat.safeParse(item).data ?? []);
  log.count('Beats', beats.length);
  log.count('SettledBeats', beats.filter(isSettled).length);
  log.count('CustomerMessages', images.filter(({ isNew, item }) => isNew && Inbound.safeParse(item).success).length);
};
