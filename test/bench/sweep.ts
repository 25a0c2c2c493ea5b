import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { dueBucket, dueBucketsBetween } from '../../functions/shared/store/due/due-bucket.ts';

/**
 * How the cost and the lag of the sweep grow with the number of open sessions: five sweeps, one due bucket, over sessions
 * spread evenly over the day. Queries, reads and writes are counted as the store makes them; their duration is assumed.
 */
const ASSUMED = { queryMs: 6, batchGetMs: 10, writeMs: 6, indexEntryBytes: 130, writers: 32, queriesAtOnce: 32 };
const DOLLARS_PER_MILLION = { read: 0.125, write: 0.625 };
const LEAD = 3_600;
const OVERLAP = 120;
const DAY = 86_400;
const BUCKET = 300;
/** Sessions that are simulated; results are scaled to the real number. */
const SAMPLE = 200_000;

const channel = 'support';
const noon = 1_800_000_000;

interface Counted {
  queries: number;
  entries: number;
  reads: number;
  phases: number;
  writes: number;
  worstLag: number;
}

const simulate = (open: number): Counted & { perSweepMs: number } => {
  const scale = open / Math.min(open, SAMPLE);
  const byBucket = new Map<string, number[]>();
  for (let index = 0; index < open / scale; index += 1) {
    const end = noon + Math.floor((index * DAY) / (open / scale));
    const customer = CustomerKey.parse(`+1650${5_000_000 + index}`);
    const bucket = dueBucket({ kind: 'session', channel, customer, dueAt: end });
    const ends = byBucket.get(bucket);
    if (ends === undefined) byBucket.set(bucket, [end]);
    else ends.push(end);
  }
  const counted: Counted = { queries: 0, entries: 0, reads: 0, phases: 0, writes: 0, worstLag: 0 };
  let time = 0;
  const sweeps = BUCKET / 60;
  const start = noon + LEAD + BUCKET;
  for (let now = start; now < start + BUCKET; now += 60)
    for (const ahead of [0, LEAD]) {
      const until = now + ahead;
      const buckets = dueBucketsBetween({ kind: 'session', channel, from: until - 60 - OVERLAP, to: until });
      // Sessions that the previous sweep closed have left the index.
      const isIndexed = (end: number) => ahead > 0 || end > until - 60;
      const found = buckets.flatMap((bucket) => byBucket.get(bucket) ?? []).filter(isIndexed);
      const due = found.filter((end) => end <= until && end > until - 60).length * scale;
      const entries = found.length * scale;
      counted.queries += buckets.length;
      counted.entries += entries;
      counted.reads += entries / 2 + (entries * ASSUMED.indexEntryBytes) / 4_096 / 2 + buckets.length / 2;
      counted.phases += due;
      // A closed session leaves the index, which is a second write.
      counted.writes += ahead === 0 ? 2 * due : due;
      const pages = Math.max(1, (entries * ASSUMED.indexEntryBytes) / buckets.length / 1_000_000);
      time += pages * Math.ceil(buckets.length / ASSUMED.queriesAtOnce) * ASSUMED.queryMs;
      time += Math.ceil(entries / 100) * ASSUMED.batchGetMs + Math.ceil(due / ASSUMED.writers) * ASSUMED.writeMs;
    }
  const perSweepMs = time / sweeps;
  counted.worstLag = 60 + perSweepMs / 1_000;
  return { ...counted, perSweepMs };
};

console.log('open sessions | queries/min | items read/min | phases/min | sweep takes | worst lag | dollars/day');
for (const open of [1_000, 10_000, 100_000, 1_000_000, 10_000_000]) {
  const { queries, entries, reads, phases, writes, worstLag, perSweepMs } = simulate(open);
  const days = DAY / BUCKET;
  const cost = (days * (reads * DOLLARS_PER_MILLION.read + writes * DOLLARS_PER_MILLION.write)) / 1_000_000;
  const row = [
    open.toLocaleString('en'),
    Math.round(queries / 5),
    Math.round(entries / 5).toLocaleString('en'),
    Math.round(phases / 5).toLocaleString('en'),
    `${(perSweepMs / 1_000).toFixed(2)} s`,
    `${worstLag.toFixed(1)} s`,
    cost.toFixed(cost < 1 ? 3 : 2),
  ];
  console.log(row.join(' | '));
}
