import { counted, rounded, type TableOf } from './format.ts';
import type { Results } from './results.ts';

/** AWS list prices in us-east-1, in dollars. */
const PRICES = {
  writeUnits: 0.625 / 1e6,
  readUnits: 0.125 / 1e6,
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.0000133334,
  httpRequest: 1 / 1e6,
  event: 1 / 1e6,
  queueRequest: 0.4 / 1e6,
  logKilobyte: 0.5 / 1e6,
};

/** What DynamoDB Local does not tell: durations at AWS, and what Lambda and the gateway log beside our lines. */
const ASSUMED = {
  webhookMs: 25,
  sendMs: 300,
  streamBatchMs: 100,
  streamBatch: 10,
  deliveryMs: 200,
  callLogKilobytes: 2.5,
  eventLogKilobytes: 2,
};

const MILLION = 1e6;

interface Part {
  readonly name: string;
  readonly calculation: string;
  /** Dollars of one. */
  readonly each: number;
}

const invocation = (milliseconds: number): number => PRICES.invocation + (milliseconds / 1_000) * PRICES.gigabyteSecond;

const webhook = (count: number): readonly Part[] => [
  {
    name: 'API Gateway',
    calculation: `${count} ${count === 1 ? 'request' : 'requests'}`,
    each: count * PRICES.httpRequest,
  },
  {
    name: '`inbound-webhook`',
    calculation: `${count} × ${ASSUMED.webhookMs} ms`,
    each: count * invocation(ASSUMED.webhookMs),
  },
];

const units = (name: string, { write, read }: { readonly write: number; readonly read: number }): Part => ({
  name,
  calculation: `${rounded(write, 2)} write units, ${rounded(read, 2)} read units`,
  each: write * PRICES.writeUnits + read * PRICES.readUnits,
});

const published = (events: number): Part => ({
  name: 'EventBridge',
  calculation: `${counted(events)} ${Math.round(events) === 1 ? 'event' : 'events'}`,
  each: Math.round(events) * PRICES.event,
});

const stream = (records: number): Part => ({
  name: '`change-stream`',
  calculation: `${records} records in batches of ${ASSUMED.streamBatch}`,
  each: (records / ASSUMED.streamBatch) * invocation(ASSUMED.streamBatchMs),
});

const logs = (kilobytes: number): Part => ({
  name: 'logs',
  calculation: `${kilobytes} KB`,
  each: kilobytes * PRICES.logKilobyte,
});

const inboundParts = ({ operations, stream: measured }: Results): readonly Part[] => {
  const { message } = measured;
  return [
    ...webhook(1),
    units('window, message and index', operations.known.units),
    units('usage, from the stream', { write: message.writeUnits, read: message.readUnits }),
    published(message.events),
    stream(3),
    logs(ASSUMED.callLogKilobytes),
  ];
};

/** The statuses `sent`, `delivered` and `read` of a message, each in a webhook. */
const STATUSES = 3;

const outboundParts = ({ operations, stream: measured }: Results): readonly Part[] => {
  const { send, delivered } = operations;
  const { message } = measured;
  return [
    { name: 'API Gateway, the send', calculation: '1 request', each: PRICES.httpRequest },
    { name: '`outbound-send`', calculation: `1 × ${ASSUMED.sendMs} ms`, each: invocation(ASSUMED.sendMs) },
    ...webhook(STATUSES),
    units('claim and outcome', send.units),
    units('statuses', { write: STATUSES * delivered.units.write, read: STATUSES * delivered.units.read }),
    // The message and its price are counted, each with a marker as a customer's message is.
    units('usage, from the stream', { write: 2 * message.writeUnits, read: 2 * message.readUnits }),
    published(1 + STATUSES),
    stream(9),
    logs(ASSUMED.callLogKilobytes * (1 + STATUSES)),
  ];
};

const deliveryParts = (): readonly Part[] => [
  { name: 'SQS', calculation: '3 requests: send, receive, delete', each: 3 * PRICES.queueRequest },
  { name: '`event-delivery`', calculation: `1 × ${ASSUMED.deliveryMs} ms`, each: invocation(ASSUMED.deliveryMs) },
  logs(ASSUMED.eventLogKilobytes),
];

const toTable = (parts: readonly Part[]): TableOf => ({
  head: ['part of a million', 'calculation of one', 'dollars'],
  rows: [
    ...parts.map(({ name, calculation, each }) => [name, calculation, rounded(each * MILLION, 2)]),
    ['**sum**', '', `**${rounded(parts.reduce((sum, { each }) => sum + each * MILLION, 0))}**`],
  ],
});

/** Dollars of a million of each, from measured units. */
export const costTables = (results: Results) => ({
  inbound: toTable(inboundParts(results)),
  outbound: toTable(outboundParts(results)),
  deliveries: toTable(deliveryParts()),
});
