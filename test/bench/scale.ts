import { counted, rounded, type TableOf } from './format.ts';
import type { Results } from './results.ts';

/** What a customer's day is made of, and how it is spread over the hours. */
const CUSTOMER_DAY = { messages: 3, sends: 3, statuses: 3, sessions: 1, busiestHour: 0.1 };

const SIZES = [1_000, 100_000, 10_000_000];

/** Durations at AWS, as docs/cost.md assumes them; events that a message, a send with its statuses and a session publish. */
const ASSUMED = { webhookSeconds: 0.025, sendSeconds: 0.3, eventsOfMessage: 1, eventsOfSend: 4, eventsOfSession: 3 };

interface Rates {
  readonly messages: number;
  readonly sends: number;
  readonly webhooks: number;
  readonly events: number;
  readonly writes: number;
}

/** A second of the busiest hour. */
const ratesOf = ({ operations }: Results, customers: number): Rates => {
  const perSecond = (aDay: number) => (customers * aDay * CUSTOMER_DAY.busiestHour) / 3_600;
  const { messages: inbound, sends: outbound, statuses, sessions } = CUSTOMER_DAY;
  const messages = perSecond(inbound);
  const sends = perSecond(outbound);
  const { known, first, send, delivered } = operations;
  const perDay = {
    events: inbound * ASSUMED.eventsOfMessage + outbound * ASSUMED.eventsOfSend + sessions * ASSUMED.eventsOfSession,
    writes:
      (inbound - sessions) * known.units.write +
      sessions * first.units.write +
      outbound * (send.units.write + statuses * delivered.units.write),
  };
  return {
    messages,
    sends,
    webhooks: messages + sends * statuses,
    events: perSecond(perDay.events),
    writes: perSecond(perDay.writes),
  };
};

interface Limit {
  readonly name: string;
  readonly limit: number;
  readonly used: (rates: Rates, results: Results) => number;
  readonly raise: string;
}

/** The limits of a new account in us-east-1 and of a new phone number, a second where nothing else is said. */
const LIMITS: readonly Limit[] = [
  {
    name: 'messages of one phone number at Meta',
    limit: 80,
    used: ({ sends }) => sends,
    raise: "more numbers, or Meta's upgrade to 1,000 a second",
  },
  {
    name: 'write units of a new on-demand table',
    limit: 4_000,
    used: ({ writes }) => writes,
    raise: 'warm throughput, set before the launch; the table doubles by itself within half an hour',
  },
  {
    name: 'concurrent executions of Lambda in the account',
    limit: 1_000,
    used: ({ webhooks, sends }) => webhooks * ASSUMED.webhookSeconds + sends * ASSUMED.sendSeconds,
    raise: 'the quota "Concurrent executions"',
  },
  {
    name: 'entries of PutEvents in the account',
    limit: 10_000,
    used: ({ events }) => events,
    raise: 'the quota "PutEvents throttle limit"; it is 400 to 2,400 in smaller regions',
  },
  {
    name: 'requests of API Gateway in the account',
    limit: 10_000,
    used: ({ webhooks, sends }) => webhooks + sends,
    raise: 'the quota "Throttle rate"',
  },
  {
    name: 'write units of an on-demand table',
    limit: 40_000,
    used: ({ writes }) => writes,
    raise: 'the quota "Table-level write throughput limit"',
  },
  {
    name: 'write units of one partition of the index `byDueAt` (one of 4 of the sends of a channel, one channel)',
    limit: 1_000,
    used: ({ sends }, { operations }) => (sends * operations.send.units.index) / 4,
    raise: 'several numbers: each channel has partitions of its own',
  },
  {
    name: 'changes that one shard of the stream carries; a partition of the table writes 1,000',
    limit: 1_000,
    used: (_, { stream }) => {
      const times = [...stream.times].sort((a, b) => a - b);
      return 1_000 ** 2 / ((stream.batch / (times[Math.floor(times.length / 2)] ?? Number.NaN)) * 1_000);
    },
    raise: 'nothing: DynamoDB adds shards with partitions',
  },
];

const asShare = (share: number): string => (share < 0.01 ? '< 1 %' : `${rounded(share * 100)} %`);

/** How much of each limit is used, the one that is reached first above. */
export const scaleTable = (results: Results): TableOf => {
  const sharesOf = ({ limit, used }: Limit) => SIZES.map((size) => used(ratesOf(results, size), results) / limit);
  const rows = LIMITS.map((limit) => ({ limit, shares: sharesOf(limit) })).sort(
    (a, b) => (b.shares.at(-1) ?? 0) - (a.shares.at(-1) ?? 0),
  );
  return {
    head: ['limit', 'of it', ...SIZES.map((size) => `${counted(size)} customers a day`), 'raise'],
    rows: rows.map(({ limit, shares }) => [limit.name, counted(limit.limit), ...shares.map(asShare), limit.raise]),
  };
};

/** The sentence that says what the table assumes. */
export const scaleAssumption = (): string =>
  `Each customer of a day writes ${CUSTOMER_DAY.messages} messages and gets ${CUSTOMER_DAY.sends}, with ${CUSTOMER_DAY.statuses} statuses each; ${CUSTOMER_DAY.busiestHour * 100} % of it in the busiest hour, whose second is counted.`;
