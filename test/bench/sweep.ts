/**
 * How the cost and the lag of the sweep grow with the number of open sessions, whose entries in the due index are spread
 * evenly over the day. Queries, reads and writes are counted as the store makes them; their duration is assumed.
 */
const ASSUMED = { queryMs: 6, batchGetMs: 10, writeMs: 6, indexEntryBytes: 130, writers: 32 };
const DOLLARS_PER_MILLION = { read: 0.125, write: 0.625 };
const SHARDS = 4;
const MINUTE = 60;
const DAY = 86_400;
/** What each sweep of the sessions ahead reads again. */
const OVERLAP = 120;

type Load = 'each writes once' | 'all write every hour';

/** One minute's sweep of a channel. */
const sweepOf = (open: number, load: Load) => {
  const perSecond = open / DAY;
  const due = perSecond * MINUTE;
  // Where customers go on writing, no session ends: each early entry moves once a day, and none is found as ended.
  const closed = load === 'each writes once' ? due : 0;
  const ahead = due + perSecond * OVERLAP;
  const entries = closed + ahead;
  const queries = 2 * SHARDS;
  const pages = Math.max(1, (entries * ASSUMED.indexEntryBytes) / queries / 1_000_000);
  const reads = entries / 2 + Math.max(queries / 2, (entries * ASSUMED.indexEntryBytes) / 4_096 / 2);
  // A session that closes leaves the index; an entry that moves is deleted and put.
  const writes = load === 'each writes once' ? due + 2 * closed : 3 * due;
  const changes = load === 'each writes once' ? due + closed : due;
  const ms =
    2 * pages * ASSUMED.queryMs +
    Math.ceil(entries / 100) * ASSUMED.batchGetMs +
    Math.ceil(changes / ASSUMED.writers) * ASSUMED.writeMs;
  return { queries, entries, reads, changes, writes, ms };
};

console.log('load | open sessions | queries/min | items read/min | writes/min | sweep takes | worst lag | dollars/day');
for (const load of ['each writes once', 'all write every hour'] as const)
  for (const open of [1_000, 10_000, 100_000, 1_000_000, 10_000_000]) {
    const { queries, entries, reads, changes, writes, ms } = sweepOf(open, load);
    const cost = ((DAY / MINUTE) * (reads * DOLLARS_PER_MILLION.read + writes * DOLLARS_PER_MILLION.write)) / 1_000_000;
    const row = [
      load,
      open.toLocaleString('en'),
      queries,
      Math.round(entries).toLocaleString('en'),
      Math.round(changes).toLocaleString('en'),
      `${(ms / 1_000).toFixed(2)} s`,
      `${(MINUTE + ms / 1_000).toFixed(1)} s`,
      cost.toFixed(cost < 1 ? 3 : 2),
    ];
    console.log(row.join(' | '));
  }
